"""What every application of the journeys is given alike."""

from __future__ import annotations

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from argon2 import PasswordHasher

from api.passwords import Passwords
from workflows.protection import Vault
from workflows.releases import Releases

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday."""
CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
"""Passwords whose hashing costs nothing: they protect invented people."""
LAW = Releases()
"""The law, parsed once for all tests of this process."""
KEYS = {"secret_key": "s" * 32, "protection_keys": (Vault.new_key(),)}

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
