"""Data handed over while a proceeding runs: what an activity takes when it begins, and gives when it has completed.

An activity that says what it takes and gives keeps everything else to itself: what it writes lies on its token and vanishes with
it, but for what its associations carry out. Until everything it needs has a value it waits. It may never overwrite what no
association names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from engine import data_types, variables
from engine.errors import BpmnError, BpmnEscalation, DataMissing, DataUnfit, OperationFailed
from engine.nodes import Association, DataEnd, Datum, Io, Node, named

if TYPE_CHECKING:
    from engine.proceeding import Token


def begin(token: Token, io: Io) -> None:
    """What the activity takes and gives has no value yet."""
    for datum in io.own:
        token.data.setdefault(datum.variable, None)


def take(token: Token, io: Io) -> bool:
    """Carry in what can be; whether everything that is needed has a value now.

    Raises:
        DataUnfit: a value is of another type than declared.
    """
    node: Node = token.task_spec.node
    for association in io.takes:
        carried = _carried(token, association)
        if carried is not None:
            data_types.judge(association.target.datum, carried, node)
            token.data[association.target.variable] = carried
    return all(token.data.get(name) is not None for name in io.needed)


def give(token: Token, io: Io) -> None:
    """Carry out what the activity gives: all of it, or where something does not fit nothing.

    Raises:
        DataMissing: something that it promises has no value.
        DataUnfit: a value is of another type than declared.
    """
    node: Node = token.task_spec.node
    for datum in io.outputs:
        data_types.judge(datum, token.data.get(datum.variable), node)
    missing = [name for name in io.promised if token.data.get(name) is None]
    if missing:
        raise _missing(node, missing, "does not give", "没有给出")
    outwards: list[tuple[DataEnd, Any]] = []
    for association in io.gives:
        target, value = association.target, _carried(token, association)
        if value is None:
            continue
        data_types.judge(target.datum, value, node)
        if target.store or target.scope:
            outwards.append((target, value))
        else:
            token.data[target.variable] = value
    for target, value in outwards:
        if target.store:
            _ask(token, target, "write", value=value)
        else:
            variables.assign_to(token, target.scope, target.variable, value)


def given(token: Token, io: Io) -> dict[str, Any]:
    """What was carried in, by name."""
    return {datum.variable: token.data.get(datum.variable) for datum in io.inputs}


def keep(token: Token, io: Io, result: Any) -> None:
    """What an operation or table gives: the one output, or of a map what the outputs are called.

    Raises:
        DataMissing: there are several outputs and the result is no map of them.
    """
    if len(io.outputs) == 1:
        token.data[io.outputs[0].variable] = result
        return
    for datum in io.outputs:
        if not isinstance(result, Mapping) or datum.variable not in result:
            raise _missing(token.task_spec.node, [datum.variable], "does not give", "没有给出")
        token.data[datum.variable] = result[datum.variable]


def demand(node: Node | None, process: str, values: Mapping[str, Any], needed: Iterable[str], *, given: bool) -> None:
    """What a process needs to begin, or promises at its end, has a value.

    Args:
        node: the call activity; None where the host begins the process.
        given: whether it is about the end.

    Raises:
        DataMissing: it has none.
    """
    missing = [name for name in needed if values.get(name) is None]
    if missing:
        verb, zh = ("does not give", "没有给出") if given else ("is begun without", "启动时缺少")
        raise _missing(node, missing, verb, zh, process)


def declare(values: dict[str, Any], data: Mapping[str, Datum], where: Node | str) -> None:
    """The data of a scope that begins have no value yet, unless they were handed over.

    Raises:
        DataUnfit: what was handed over is of another type than declared.
    """
    for name, datum in data.items():
        data_types.judge(datum, values.setdefault(name, None), where)


def _carried(token: Token, association: Association) -> Any:
    """What an association carries: None where a source has no value."""
    engine = token.workflow.script_engine
    sources = {}
    for source in association.sources:
        value = _value(token, source)
        if value is None:
            return None
        sources[source.store or source.variable] = value
    carried: Any
    if association.transformation is not None:
        carried = engine.evaluate(token, association.transformation, sources)
    elif association.assignments:
        carried = None if association.target.store else _value(token, association.target)
    else:
        [carried] = sources.values()
    for formula, path in association.assignments:
        value = engine.evaluate(token, formula, sources)
        carried = _set(token, association.target, carried, path, value)
    return carried


def _value(token: Token, end: DataEnd) -> Any:
    if end.store:
        # Asked once: what was read is not read again while other data are waited for.
        read = token.internal_data.setdefault("read", {})
        if read.get(end.store) is None:
            read[end.store] = _ask(token, end, "read")
        return read[end.store]
    return variables.of_scope(token, end.scope, end.variable) if end.scope else token.data.get(end.variable)


def _set(token: Token, target: DataEnd, whole: Any, path: tuple[str, ...], value: Any) -> Any:
    """A copy of a value with another one inside it."""
    if not path:
        return value
    if whole is not None and not isinstance(whole, dict):
        node: Node = token.task_spec.node
        raise DataUnfit(
            f"{named(node)}: “{target.variable}” has no field “{path[0]}”: it is no map.",
            node=node.id,
            datum=target.variable,
            zh=f"{named(node)}：“{target.variable}”不是映射，没有字段“{path[0]}”。",
        )
    fields = whole or {}
    return {**fields, path[0]: _set(token, target, fields.get(path[0]), path[1:], value)}


def _ask(token: Token, end: DataEnd, verb: str, **arguments: Any) -> Any:
    """Read or write a data store."""
    operation = f"{end.store}.{verb}"
    try:
        return token.workflow.script_engine.call_service(token, operation=operation, arguments=arguments)
    except (BpmnError, BpmnEscalation) as thrown:
        node: Node = token.task_spec.node
        raise OperationFailed(
            f"{named(node)}: the data store “{end.store}” throws “{thrown.code}”, which nothing can catch there.",
            node=node.id,
            operation=operation,
            zh=f"{named(node)}：数据存储“{end.store}”抛出“{thrown.code}”，此处无法捕获。",
        ) from thrown


def _missing(node: Node | None, names: list[str], verb: str, zh: str, process: str = "") -> DataMissing:
    who = named(node) if node is not None else process
    shown = ", ".join(names)
    return DataMissing(f"{who} {verb} {shown}.", node=node.id if node else "", data=names, zh=f"{who}{zh} {shown}。")
