"""The verbs: what a person or the clock can do to a case.

Each verb is one command: it locks the case, asks the policy, moves the diagram, takes what came out, and enters one line in the
ledger. It never commits: the caller's unit of work does, once. What is refused raises, and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

import forms
from engine import machine
from engine.periods import ZONE
from engine.step import Waiting
from forms import Form
from workflows import answers as written
from workflows import deadlines, discretion, findings, ledger, operations, policy, taking
from workflows.acting import Acting
from workflows.errors import InvalidInput, NotAllowed, NotFound, NotOpen, NotPossible, Stale
from workflows.exchange import begin, deliver, moved, take, waiting
from workflows.identifiers import new_id
from workflows.policy import Parts
from workflows.records import (
    Application,
    Case,
    CaseNumber,
    Deadline,
    Draft,
    Notice,
    Party,
    Person,
    Proceeding,
    Signature,
    Task,
)
from workflows.releases import CaseKind, Law

URGE_AGAIN_AFTER = timedelta(days=1)
REASON_LIMIT = 2000
RETURN = "return"
"""The verb (`wz:action`) that belongs to a task, not to the case."""
_INSERTS = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command leaves: the case as it now stands, and the task it was about."""

    case_id: str
    number: str
    state: str
    version: int
    task_id: str | None = None
    task_state: str | None = None
    task_version: int | None = None
    entry: str = ""
    """Hash of the ledger entry."""


# --- cases ------------------------------------------------------------------------------------------------------------


def open_case(
    acting: Acting,
    *,
    unit_id: str,
    kind: str,
    title: str,
    answers: Mapping[str, Any],
    accounts: Mapping[str, str] | None = None,
) -> Done:
    """Open a case with the clue it begins with: the first step of its diagram is done in the same act.

    Args:
        answers: the answers to the form of that first step.
        accounts: name of a person the clue names → id of their account, where they have one.

    Raises:
        NotAllowed: the person does not register clues for this organ.
        InvalidInput: the answers do not fit the form.
    """
    law = acting.law()
    policy.may_open_case(acting.by, law.roles, unit_id)
    case_kind = _kind(law, kind)
    title = _text("title", title, limit=200)
    case = Case(
        id=new_id(acting.now),
        number=_next_number(acting, case_kind, unit_id),
        kind=kind,
        title=title,
        state="REGISTERED",
        unit_id=unit_id,
        secrecy="",
        opened_at=acting.now,
        changed_at=acting.now,
        changed_by=acting.by.name,
        change="case.opened",
        version=0,
        ledger_count=0,
        ledger_head="",
    )
    acting.session.add(case)
    acting.session.flush()
    # Read before anything is made of them: what is named by the thousand is refused, not carried out.
    reading = _read(acting, law, case, law.first_form(kind), answers, None)
    case.secrecy = str(reading.values.get("secrecy") or "internal")
    parties = findings.name_parties(acting, case, reading.values, accounts or {})
    proceeding, opened = begin(
        acting, law, case, case_kind.process, {"parties": [party.id for party in parties], "case_id": case.id}
    )
    first = _first_task(opened, proceeding)
    acting.session.flush()  # what is sealed apart refers to the task
    facts = [_complete(acting, law, case, proceeding, first, answers, parts=Parts(), rationale=None, reading=reading)]
    return _seal(acting, case, "case.opened", subject=f"case:{case.id}", facts=facts, task=first)


@discretion.about_case
def act_on_case(
    acting: Acting,
    case_id: str,
    action: str,
    *,
    answers: Mapping[str, Any] | None = None,
    reason: str,
    expected: int | None = None,
) -> Done:
    """Tell the procedure something from outside its tasks, where the diagram waits for it (`wz:action`).

    Raises:
        NotPossible: nothing in the case waits for this now.
    """
    case = lock_case(acting, case_id)
    current(acting, case.version, expected, case)
    reason = _text("reason", reason, limit=REASON_LIMIT)
    refused: NotAllowed | NotFound | None = None
    for proceeding, law, event in waiting(acting, case):
        if event.extensions.get("action") != action or action == RETURN:
            continue
        try:
            _may_act(acting, law, case, event)
        except (NotAllowed, NotFound) as not_this_one:
            # With several parties each has an event of its own; another one may be for this person.
            refused = not_this_one
            continue
        payload: dict[str, Any] = {"reason": reason, "by": acting.by.person_id}
        kept: dict[str, Any] = {}
        if form := event.extensions.get("form"):
            reading = _read(acting, law, case, law.form(form), answers or {}, proceeding)
            payload |= reading.routing
            kept = dict(reading.values)
            taking.seal_protected(acting, case, None, reading.protected)
        _keep_application(acting, case, proceeding, event, kept, reason)
        findings.apply(acting, case, event.about.get("party"), kept)
        facts = deliver(acting, law, case, proceeding, event, payload)
        facts.answered = ledger.digest(kept) if form else None
        return _seal(acting, case, "case.told", subject=f"case:{case.id}", facts=[facts], reason=reason, what=action)
    raise refused or NotPossible("The procedure does not wait for this now.", action=action, case_id=case.id)


# --- tasks ------------------------------------------------------------------------------------------------------------


@discretion.about_task
def complete_task(
    acting: Acting,
    task_id: str,
    *,
    answers: Mapping[str, Any],
    rationale: str | None = None,
    expected: int | None = None,
) -> Done:
    """Complete a task with its answers; where several officers must sign, sign it as the first or next of them.

    Raises:
        NotFound: there is no such task for this person.
        Stale: the task was changed since `expected` was read.
        NotOpen: somebody has completed it already (says who and when), or it was cancelled.
        NotAllowed, ConflictOfInterest: not for this person.
        InvalidInput: the answers do not fit the form; one problem a field, all of them.
        NotPossible: the diagram cannot go on with these answers.
    """
    case, proceeding, task, law = _lock_task(acting, task_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    current(acting, task.version, expected, case, task)
    policy.may_work_on(acting.by, law.roles, task, case, parts)
    rationale = _text("rationale", rationale, limit=REASON_LIMIT) if rationale else None
    if task.owner_id is not None and task.owner_id != acting.by.person_id:
        return _hand_back(acting, law, case, proceeding, task, answers, rationale, parts)
    if task.persons > 1 or task.signing:
        return _sign(acting, law, case, proceeding, task, answers, rationale, parts)
    facts = _complete(acting, law, case, proceeding, task, answers, parts=parts, rationale=rationale)
    return _seal(acting, case, "task.completed", facts=[facts], task=task, reason=rationale)


@discretion.about_task
def sign_task(acting: Acting, task_id: str, *, expected: int | None = None) -> Done:
    """Sign what another officer has submitted 会签; the last signature needed completes the task.

    Raises:
        NotPossible: nothing has been submitted for signature, or this person has signed already.
    """
    case, proceeding, task, law = _lock_task(acting, task_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    current(acting, task.version, expected, case, task)
    signatures = _signatures(acting, task)
    asked = next((each for each in signatures if each.person_id == acting.by.person_id), None)
    policy.may_take_up(law.roles, task.duty, parts, case_id=case.id)
    if asked is None and not policy.is_candidate(acting.by, law.roles, task, case, parts):
        raise NotAllowed("Nobody has asked you to sign this.", task_id=task.id, case_id=case.id)
    if task.answers is None:
        raise NotPossible("Nothing has been submitted for signature yet.", task_id=task.id, case_id=case.id)
    if asked is not None and asked.signed_at is not None:
        raise NotPossible("You have signed this already.", task_id=task.id, case_id=case.id)
    return _sign(acting, law, case, proceeding, task, task.answers, task.rationale, parts, signatures)


@discretion.about_task
def claim_task(acting: Acting, task_id: str, *, expected: int | None = None) -> Done:
    """Take a task out of the group's list 签收."""
    case, _, task, law = _lock_task(acting, task_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    current(acting, task.version, expected, case, task)
    policy.may_work_on(acting.by, law.roles, task, case, parts)
    if task.assignee_id is None:
        task.assignee_id = acting.by.person_id
    return _changed(acting, case, task, "task.claimed")


@discretion.about_task
def give_back_task(acting: Acting, task_id: str, *, reason: str, expected: int | None = None) -> Done:
    """Put a claimed task back into the group's list."""
    case, _, task, _law = _lock_held(acting, task_id, expected)
    if task.queue is None and not task.by_appointment:
        raise NotPossible("This task is for you alone; it can be reassigned.", task_id=task.id, case_id=case.id)
    task.assignee_id = task.owner_id
    task.owner_id = None
    return _changed(acting, case, task, "task.given_back", reason=reason)


@discretion.about_task
def reassign_task(acting: Acting, task_id: str, *, to: str, reason: str, expected: int | None = None) -> Done:
    """Hand a task to another person for good 转办: by whoever holds it, or whoever oversees the organ's cases."""
    case, _, task, law = _lock_task(acting, task_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    current(acting, task.version, expected, case, task)
    if task.assignee_id != acting.by.person_id:
        policy.may_oversee(acting.by, law.roles, case)
    _to_colleague(acting, law, case, task, to)
    task.assignee_id, task.owner_id = to, None
    return _changed(acting, case, task, "task.reassigned", reason=reason, what=to)


@discretion.about_task
def delegate_task(acting: Acting, task_id: str, *, to: str, reason: str, expected: int | None = None) -> Done:
    """Let another person prepare a task, which then comes back 委托."""
    case, _, task, law = _lock_held(acting, task_id, expected)
    if task.owner_id is not None:
        raise NotPossible("A delegated task cannot be delegated again.", task_id=task.id, case_id=case.id)
    _to_colleague(acting, law, case, task, to)
    task.owner_id, task.assignee_id = acting.by.person_id, to
    return _changed(acting, case, task, "task.delegated", reason=reason, what=to)


@discretion.about_task
def add_signer(acting: Acting, task_id: str, *, person: str, reason: str, expected: int | None = None) -> Done:
    """Ask one more person to sign before the task is complete 加签."""
    case, _, task, law = _lock_held(acting, task_id, expected)
    _to_colleague(acting, law, case, task, person)
    if acting.session.get(Signature, (task.id, person)) is not None:
        raise NotPossible("That person is a signer already.", task_id=task.id, case_id=case.id)
    acting.session.add(Signature(task_id=task.id, person_id=person, asked_by=acting.by.person_id, asked_at=acting.now))
    task.signing = True
    return _changed(acting, case, task, "task.signer_added", reason=reason, what=person)


@discretion.about_task
def return_task(acting: Acting, task_id: str, *, reason: str, expected: int | None = None) -> Done:
    """Send the matter back to an earlier step 退回, where the diagram draws a way back from this task.

    Raises:
        NotPossible: the diagram draws none.
    """
    case, proceeding, task, law = _lock_task(acting, task_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    current(acting, task.version, expected, case, task)
    policy.may_work_on(acting.by, law.roles, task, case, parts)
    reason = _text("reason", reason, limit=REASON_LIMIT)
    here = machine.look(law.definition(proceeding.process), proceeding.snapshot, now=acting.now)
    way = next((w for w in here.waiting if w.attached == task.token and w.extensions.get("action") == RETURN), None)
    if way is None:
        raise NotPossible("The procedure has no way back from this step.", task_id=task.id, case_id=case.id)
    facts = deliver(acting, law, case, proceeding, way, {"reason": reason, "by": acting.by.person_id})
    task.state, task.completed_at, task.completed_by = "returned", acting.now, acting.by.person_id
    task.rationale = reason
    facts.take_up(acting, law, case, task, parts)
    return _seal(acting, case, "task.returned", facts=[facts], task=task, reason=reason)


@discretion.about_task
def take_back_task(acting: Acting, task_id: str, *, reason: str, expected: int | None = None) -> Done:
    """Take back what one has just submitted 撤回, before the next person acted.

    Raises:
        NotPossible: somebody has acted since, or the step had effects outside.
    """
    case, proceeding, task, law = _lock_task(acting, task_id)
    reason = _text("reason", reason, limit=REASON_LIMIT)
    current(acting, task.version, expected, case, task)
    facts_of_it = {"task_id": task.id, "case_id": case.id}
    if task.completed_by != acting.by.person_id or task.state != "completed":
        raise NotAllowed("Only whoever completed a task may take it back.", **facts_of_it)
    if proceeding.previous is None or proceeding.previous_task_id != task.id:
        raise NotPossible("The case has moved on since; this can no longer be taken back.", **facts_of_it)
    touched = acting.session.scalar(
        select(Person.name)
        .join(Task, Task.assignee_id == Person.id)
        .where(Task.proceeding_id == proceeding.id, Task.state == "open", Task.version > 1)
    )
    if touched is not None:
        sentence = "Somebody has begun the next step; this can no longer be taken back."
        raise NotPossible(sentence, by=touched, **facts_of_it)
    facts = taking.restore(acting, law, case, proceeding, task)
    _ask_signatures_anew(acting, task)
    return _seal(acting, case, "task.taken_back", facts=[facts], task=task, reason=reason)


@discretion.about_task
def urge_task(acting: Acting, task_id: str, *, reason: str) -> Done:
    """Urge whoever has a task 催办, once a day at most: by whoever has a part in the case or oversees it."""
    case, _, task, law = _lock_task(acting, task_id)
    if not policy.sees_case(acting.session, acting.by, law.roles, case.id):
        raise NotAllowed(task_id=task.id, case_id=case.id)
    if task.state != "open":
        raise NotOpen(task_id=task.id, case_id=case.id)
    if task.urged_at is not None and acting.now - task.urged_at < URGE_AGAIN_AFTER:
        raise NotPossible("This was urged within the last day.", task_id=task.id, case_id=case.id)
    task.urged_at = acting.now
    acting.session.add(
        Notice(
            id=new_id(acting.now),
            case_id=case.id,
            person_id=task.assignee_id,
            queue=None if task.assignee_id else task.queue,
            kind="task.urged",
            facts={"task_id": task.id, "by": acting.by.name},
            created_at=acting.now,
        )
    )
    return _changed(acting, case, task, "task.urged", reason=reason, bump=False)


@discretion.about_task
def save_draft(acting: Acting, task_id: str, answers: Mapping[str, Any]) -> None:
    """Keep answers as typed. No entry in the ledger: nothing has been said yet."""
    task = acting.session.get(Task, task_id)
    if task is None:
        raise discretion.no_such_task(task_id)
    case = acting.session.get_one(Case, task.case_id)
    proceeding = acting.session.get_one(Proceeding, task.proceeding_id)
    law = acting.releases.law(acting.session, proceeding.release_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    policy.may_work_on(acting.by, law.roles, task, case, parts)
    _keep_draft(acting, task_id, _person(acting), answers)


# --- the clock --------------------------------------------------------------------------------------------------------


def sweep_case(acting: Acting, case_id: str) -> bool:
    """Let the clock look at one case: what is due next is done, in one command. Called again while it says True.

    On PostgreSQL a case that somebody else has locked is left to the next sweep.

    Returns:
        Whether something was done.
    """
    case = acting.session.scalar(select(Case).where(Case.id == case_id).with_for_update(skip_locked=True))
    if case is None:
        return False
    deadline = acting.session.scalar(
        select(Deadline)
        .where(Deadline.case_id == case_id, Deadline.next_at.is_not(None), Deadline.next_at <= acting.now)
        .order_by(Deadline.next_at, Deadline.id)
        .limit(1)
    )
    proceeding = acting.session.scalar(
        select(Proceeding)
        .where(Proceeding.case_id == case_id, Proceeding.wake_at.is_not(None), Proceeding.wake_at <= acting.now)
        .order_by(Proceeding.wake_at, Proceeding.id)
        .limit(1)
    )
    if deadline is None and proceeding is None:
        return False
    case.retry_at, case.stalled_error = None, None
    if proceeding is not None and (deadline is None or _earlier(proceeding, deadline)):
        _wake(acting, case, proceeding)
    elif deadline is not None:
        _let_pass(acting, case, deadline)
    return True


def stall(acting: Acting, case_id: str, error: str, retry_after: timedelta) -> None:
    """Mark a case whose sweep failed: the error is kept, the clock comes back later, the other cases go on."""
    case = lock_case(acting, case_id)
    case.stalled_error, case.retry_at = error[:2000], acting.now + retry_after
    _seal(acting, case, "case.stalled", subject=f"case:{case.id}", facts=[], reason=error[:2000])


# --- how a move is carried out ----------------------------------------------------------------------------------------


def _complete(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    task: Task,
    answers: Mapping[str, Any],
    *,
    parts: Parts,
    rationale: str | None,
    reading: forms.Reading | None = None,
    signers: Sequence[str] = (),
) -> taking.Facts:
    """Read the answers unless they have been, keep them, move the diagram, take the step."""
    routing: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    if task.form is not None:
        reading = reading or _read(acting, law, case, law.form(task.form), answers, proceeding, task)
        routing, kept = dict(reading.routing), dict(reading.values)
        taking.seal_protected(acting, case, task, reading.protected)
    elif answers:
        raise InvalidInput(message="This task asks nothing, so it takes no answers.", task_id=task.id, case_id=case.id)
    definition = law.definition(proceeding.process)
    before = proceeding.snapshot
    step = moved(
        case,
        lambda: machine.complete(
            definition, before, task.token, routing, now=acting.now, services=operations.registered(law)
        ),
    )
    live = taking.live_clocks(acting, proceeding)
    task.state, task.answers, task.rationale = "completed", kept, rationale
    task.completed_at, task.completed_by = acting.now, acting.by.person_id
    task.assignee_id = acting.by.person_id
    task.version += 1
    # Who is appointed by these answers decides for whom the next tasks are.
    before_it = findings.keep(acting, law, case, task, kept)
    if before_it is not None and "duties" in before_it:
        parts = _parts(acting, case)
    facts = take(acting, law, case, proceeding, step, completed=task, staffed=parts.staffed, live=live, undo=before_it)
    facts.answered = ledger.digest(kept)
    facts.take_up(acting, law, case, task, parts, also=signers)
    return facts


def _sign(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    task: Task,
    answers: Mapping[str, Any],
    rationale: str | None,
    parts: Parts,
    signatures: list[Signature] | None = None,
) -> Done:
    """Add one signature; with the last one the task is completed."""
    me = _person(acting)
    reading = _read(acting, law, case, law.form(task.form), answers, proceeding, task) if task.form else None
    kept = dict(reading.values) if reading else {}
    signatures = _signatures(acting, task) if signatures is None else signatures
    if task.answers is not None and ledger.digest(task.answers) != ledger.digest(kept):
        # Another text than the one that was signed: every signature is asked anew.
        for signature in signatures:
            signature.signed_at = None
    mine = next((signature for signature in signatures if signature.person_id == me), None)
    if mine is None:
        mine = Signature(task_id=task.id, person_id=me, asked_at=acting.now)
        acting.session.add(mine)
        signatures.append(mine)
    mine.signed_at = acting.now
    signed = [signature for signature in signatures if signature.signed_at is not None]
    asked = [signature for signature in signatures if signature.asked_by and signature.signed_at is None]
    if len(signed) >= task.persons and not asked:
        signers = [signature.person_id for signature in signed]
        facts = _complete(
            acting,
            law,
            case,
            proceeding,
            task,
            answers,
            parts=parts,
            rationale=rationale,
            reading=reading,
            signers=signers,
        )
        return _seal(acting, case, "task.completed", facts=[facts], task=task, reason=rationale)
    task.answers, task.rationale, task.assignee_id = kept, rationale, None
    task.signing = True
    policy.may_take_up(law.roles, task.duty, parts, case_id=case.id)
    return _changed(acting, case, task, "task.signed", reason=rationale)


def _ask_signatures_anew(acting: Acting, task: Task) -> None:
    """What several have signed is taken back for all of them: the text goes to the draft of who took it back, and is signed
    anew by everybody once it is submitted again."""
    signatures = _signatures(acting, task)
    if not signatures:
        return
    for signature in signatures:
        if signature.asked_by is None:
            acting.session.delete(signature)
        else:
            signature.signed_at = None
    task.signing = any(signature.asked_by is not None for signature in signatures)
    me = _person(acting)
    written = acting.session.get(Draft, (task.id, me))
    _keep_draft(acting, task.id, me, {**(acting.vault.open(written.sealed) if written else {}), **(task.answers or {})})
    task.answers = None


def _signatures(acting: Acting, task: Task) -> list[Signature]:
    return list(acting.session.scalars(select(Signature).where(Signature.task_id == task.id)))


def _hand_back(
    acting: Acting,
    law: Law,
    case: Case,
    proceeding: Proceeding,
    task: Task,
    answers: Mapping[str, Any],
    rationale: str | None,
    parts: Parts,
) -> Done:
    """A delegated task is prepared: its text goes to the owner as a draft, and the task with it."""
    if task.form is not None:
        _read(acting, law, case, law.form(task.form), answers, proceeding, task)
    owner = task.owner_id or ""
    _keep_draft(acting, task.id, owner, answers)
    taking.Facts().take_up(acting, law, case, task, parts)
    task.assignee_id, task.owner_id = owner, None
    return _changed(acting, case, task, "task.prepared", reason=rationale)


def _keep_draft(acting: Acting, task_id: str, person_id: str, answers: Mapping[str, Any]) -> None:
    sealed = acting.vault.seal(dict(answers))
    draft = acting.session.get(Draft, (task_id, person_id))
    if draft is None:
        acting.session.add(Draft(task_id=task_id, person_id=person_id, sealed=sealed, saved_at=acting.now))
    else:
        draft.sealed, draft.saved_at = sealed, acting.now


def _keep_application(
    acting: Acting, case: Case, proceeding: Proceeding, event: Waiting, answers: Mapping[str, Any], reason: str
) -> None:
    """Keep what was said, for those who decide on it and for whoever said it."""
    acting.session.add(
        Application(
            id=new_id(acting.now),
            case_id=case.id,
            proceeding_id=proceeding.id,
            process=event.process,
            node=event.node,
            action=event.extensions["action"],
            form=event.extensions.get("form"),
            answers=dict(answers),
            party_id=event.about.get("party"),
            made_by=_person(acting),
            made_at=acting.now,
            reason=reason,
        )
    )


def _wake(acting: Acting, case: Case, proceeding: Proceeding) -> None:
    law = acting.releases.law(acting.session, proceeding.release_id)
    definition = law.definition(proceeding.process)
    step = moved(
        case,
        lambda: machine.wake(definition, proceeding.snapshot, now=acting.now, services=operations.registered(law)),
    )
    facts = take(acting, law, case, proceeding, step)
    _seal(acting, case, "timer.fired", subject=f"case:{case.id}", facts=[facts])


def _let_pass(acting: Acting, case: Case, deadline: Deadline) -> None:
    """Do what is due for one clock: a rung before the end, or the end itself."""
    proceeding = acting.session.get_one(Proceeding, deadline.proceeding_id)
    law = acting.releases.law(acting.session, proceeding.release_id)
    subject = f"deadline:{deadline.id}"
    rung = deadlines.due_rung(deadline, acting.now)
    if rung is not None:
        told = deadlines.climb(acting, law, case, deadline, rung)
        late = int((acting.now - datetime.fromisoformat(rung["at"])).total_seconds())
        what: dict[str, Any] = {"rule": deadline.rule, "told": told, "late_seconds": late}
        _seal(acting, case, f"deadline.{rung['kind']}", subject=subject, facts=[], what=what)
        return
    definition = law.definition(proceeding.process)
    here = machine.look(definition, proceeding.snapshot, now=acting.now)
    timer = next((timer for timer in here.timers if timer.id == deadline.timer), None)
    if timer is None and deadline.fired_at is None:
        # The diagram no longer waits for it: nothing passes, and the clock stops.
        deadlines.end(acting, law, deadline, done=False)
        _seal(acting, case, "deadline.cancelled", subject=subject, facts=[], what={"rule": deadline.rule})
        return
    if timer is None:
        # Missed once before its end was moved: the diagram was told then, and is not told twice.
        deadlines.expire(deadline, window=False, now=acting.now)
        _seal(acting, case, "deadline.missed", subject=subject, facts=[], what=_passed(deadline))
        return
    step = moved(
        case,
        lambda: machine.wake(
            definition,
            proceeding.snapshot,
            now=acting.now,
            services=operations.registered(law),
            expired={deadline.timer: deadline.due_at},
        ),
    )
    deadlines.expire(deadline, window=timer.attached is None or timer.interrupting, now=acting.now)
    facts = take(acting, law, case, proceeding, step, fired=deadline)
    _seal(acting, case, f"deadline.{deadline.state}", subject=subject, facts=[facts], what=_passed(deadline))


def _passed(deadline: Deadline) -> dict[str, Any]:
    return {"rule": deadline.rule, "due": deadline.due, "late_seconds": deadline.late_seconds}


def _earlier(proceeding: Proceeding, deadline: Deadline) -> bool:
    if proceeding.wake_at is None or deadline.next_at is None:
        return deadline.next_at is None
    return proceeding.wake_at < deadline.next_at


# --- what every verb begins and ends with -----------------------------------------------------------------------------


def lock_case(acting: Acting, case_id: str) -> Case:
    """Lock a case for a command. Everything that is read about it is read after this."""
    case = acting.session.scalar(select(Case).where(Case.id == case_id).with_for_update())
    if case is None:
        raise discretion.no_such_case(case_id)
    return case


def open_file(acting: Acting, case_id: str) -> tuple[Case, Law]:
    """Lock a case that this person may open, for a command about the case as a whole."""
    case = lock_case(acting, case_id)
    law = acting.law()
    policy.may_see_case(acting.session, acting.by, law.roles, case)
    return case, law


def entered(
    acting: Acting,
    case: Case,
    act: str,
    *,
    subject: str,
    reason: str | None = None,
    what: Any = None,
    facts: Sequence[taking.Facts] = (),
) -> Done:
    """Close a command about the case as a whole; `facts` are of the diagrams that it moved."""
    if reason is not None:
        reason = _text("reason", reason, limit=REASON_LIMIT)
    return _seal(acting, case, act, facts=facts, subject=subject, reason=reason, what=what)


def was_read(
    acting: Acting, case: Case, act: str, *, subject: str, reason: str | None = None, what: Any = None
) -> None:
    """Enter a reading. Nothing was changed, so the version of the case stays."""
    if reason is not None:
        reason = _text("reason", reason, limit=REASON_LIMIT)
    ledger.enter(acting, case, act, subject=subject, reason=reason, body={"what": what})


def _lock_task(acting: Acting, task_id: str) -> tuple[Case, Proceeding, Task, Law]:
    """Lock a case by one of its tasks, and read the task: what is read before the lock is not the truth.

    All three rows are locked, the case first: a row that is only joined would be read as it was before the wait.
    """
    row = acting.session.execute(_TASK_UNDER_LOCK, {"task_id": task_id}).one_or_none()
    if row is None:
        raise discretion.no_such_task(task_id)
    case, task, proceeding = row
    return case, proceeding, task, acting.releases.law(acting.session, proceeding.release_id)


# Built once: building a statement costs more than carrying it out.
_TASK_UNDER_LOCK = (
    select(Case, Task, Proceeding)
    .join_from(Case, Task, Task.case_id == Case.id)
    .join(Proceeding, Proceeding.id == Task.proceeding_id)
    .where(Task.id == bindparam("task_id"))
    .with_for_update()
)


def _lock_held(acting: Acting, task_id: str, expected: int | None) -> tuple[Case, Proceeding, Task, Law]:
    """Lock a task that only its holder may hand on."""
    case, proceeding, task, law = _lock_task(acting, task_id)
    parts = _parts(acting, case)
    _open(acting, law, case, task, parts)
    current(acting, task.version, expected, case, task)
    if task.assignee_id != acting.by.person_id:
        raise NotAllowed("Only whoever holds this task may do that.", task_id=task.id, case_id=case.id)
    return case, proceeding, task, law


def _parts(acting: Acting, case: Case) -> Parts:
    return policy.parts_of(acting.session, case.id, _person(acting))


def _person(acting: Acting) -> str:
    if acting.by.person_id is None:
        raise NotAllowed("Only a person may do this.")
    return acting.by.person_id


def _open(acting: Acting, law: Law, case: Case, task: Task, parts: Parts) -> None:
    """The task is open; if not, whoever could have done it is told who did and when."""
    if task.state == "open":
        return
    mine = task.assignee_id == acting.by.person_id or task.completed_by == acting.by.person_id
    if not mine and not policy.is_candidate(acting.by, law.roles, task, case, parts):
        raise NotAllowed("This task is not for you.", task_id=task.id, case_id=case.id)
    winner = acting.session.get(Person, task.completed_by) if task.completed_by else None
    raise NotOpen(
        task_id=task.id,
        case_id=case.id,
        task_state=task.state,
        by=winner.name if winner else None,
        at=task.completed_at.isoformat() if task.completed_at else None,
    )


def current(acting: Acting, version: int, expected: int | None, case: Case, task: Task | None = None) -> None:
    """What was read is what there is; if not, whoever asked is told who changed what."""
    if expected is None or version == expected:
        return
    by, act, at = case.changed_by, case.change, case.changed_at
    subject = f"task:{task.id}" if task is not None else ""
    last = ledger.last_about(acting.session, case.id, subject) if task is not None else None
    if last is not None:
        by, act, at = last.actor, last.act, last.at
    raise Stale(
        case_id=case.id,
        **({"task_id": task.id} if task else {}),
        expected=expected,
        current=version,
        by=by,
        act=act,
        at=at.isoformat(),
    )


def _read(
    acting: Acting,
    law: Law,
    case: Case,
    form: Form,
    answers: Mapping[str, Any],
    proceeding: Proceeding | None,
    task: Task | None = None,
) -> forms.Reading:
    return written.read(
        acting.session, law, case, acting.by, form, answers, now=acting.now, proceeding=proceeding, task=task
    )


def _to_colleague(acting: Acting, law: Law, case: Case, task: Task, person_id: str) -> None:
    person = acting.session.get(Person, person_id)
    if person is None or person.left_at is not None:
        raise NotFound("There is no such person.", person=person_id)
    if person_id == acting.by.person_id:
        raise NotPossible("That is yourself.", task_id=task.id, case_id=case.id)
    policy.may_hand_to(acting.session, law.roles, task, case, person_id)


def _may_act(acting: Acting, law: Law, case: Case, event: Waiting) -> None:
    """Who may tell the procedure something from outside: the party it concerns, or a role the diagram names."""
    asked = event.extensions.get("roles", "").split()
    if "respondent" in asked:
        party_id = event.about.get("party")
        mine = acting.session.scalar(
            select(Party.id).where(
                Party.case_id == case.id,
                policy.own_matters(acting.by),
                *([Party.id == party_id] if party_id else []),
            )
        )
        if mine is not None:
            return
    if acting.by.holds(law.roles.that_may("case.end").intersection(asked), case.unit_id):
        return
    policy.may_see_case(acting.session, acting.by, law.roles, case)
    if not acting.by.holds([role for role in asked if role in law.roles], case.unit_id):
        raise NotAllowed("Your roles do not allow this.", wanted=event.extensions.get("action"), case_id=case.id)


def _changed(
    acting: Acting,
    case: Case,
    task: Task,
    act: str,
    *,
    reason: str | None = None,
    what: Any = None,
    bump: bool = True,
) -> Done:
    if reason is not None:
        reason = _text("reason", reason, limit=REASON_LIMIT)
    if bump:
        task.version += 1
    return _seal(acting, case, act, facts=[], task=task, reason=reason, what=what)


def _seal(
    acting: Acting,
    case: Case,
    act: str,
    *,
    facts: Sequence[taking.Facts],
    subject: str | None = None,
    task: Task | None = None,
    reason: str | None = None,
    what: Any = None,
) -> Done:
    """Close a command: the case has a new version, the ledger one more entry."""
    case.version += 1
    case.changed_at, case.changed_by, case.change = acting.now, acting.by.name, act
    body: dict[str, Any] = {"state": case.state, "version": case.version}
    if task is not None:
        body |= {"node": task.node, "task_state": task.state}
        subject = subject or f"task:{task.id}"
    if what is not None:
        body["what"] = what
    if facts:
        body["moved"] = [fact.entry() for fact in facts]
    entry = ledger.enter(acting, case, act, subject=subject, body=body, reason=reason)
    return Done(
        case_id=case.id,
        number=case.number,
        state=case.state,
        version=case.version,
        task_id=task.id if task else None,
        task_state=task.state if task else None,
        task_version=task.version if task else None,
        entry=entry,
    )


def _text(field: str, value: str, *, limit: int) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text:
        raise InvalidInput((problem(field, "required", "请填写", "Fill this in"),))
    if len(text) > limit:
        raise InvalidInput((problem(field, "too_long", f"最多 {limit} 字", f"At most {limit} characters"),))
    return text


def problem(path: str, code: str, zh: str, en: str) -> forms.Problem:
    """What is wrong with one field, in both languages."""
    return forms.Problem(path=path, code=code, message={"zh": zh, "en": en})


def _kind(law: Law, kind: str) -> CaseKind:
    try:
        return law.kinds[kind]
    except KeyError:
        raise NotFound("There is no such kind of case.", kind=kind) from None


def _next_number(acting: Acting, kind: CaseKind, unit_id: str) -> str:
    """The next number of the unit in this year. The row is locked until the commit, so numbers have no gaps."""
    year = acting.now.astimezone(ZONE).year
    insert: Any = _INSERTS[acting.session.get_bind().dialect.name]
    last = acting.session.scalar(
        insert(CaseNumber)
        .values(unit_id=unit_id, kind=kind.id, year=year, last=1)
        .on_conflict_do_update(index_elements=["unit_id", "kind", "year"], set_={"last": CaseNumber.last + 1})
        .returning(CaseNumber.last)
    )
    return kind.number.format(year=year, serial=last)


def _first_task(facts: taking.Facts, proceeding: Proceeding) -> Task:
    if not facts.opened:
        raise NotPossible("The procedure of this kind of case does not begin with a task.", process=proceeding.process)
    return facts.opened[0]
