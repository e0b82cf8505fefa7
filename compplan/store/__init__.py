"""Saved plans: scenarios and their versions, drafts, approvals, share links, the audit log, retention and backups.

Belongs here: everything that reads or writes the database, on SQLite and on PostgreSQL.
Does not belong here: roles (`compplan.access`), pages (`compplan.ui`) and commands (`compplan.cli`).

Examples
--------
>>> import tempfile
>>> from compplan import templates
>>> from compplan.access import LOCAL
>>> folder = tempfile.TemporaryDirectory()
>>> store = Store.open(f"sqlite:///{folder.name}/plans.db")
>>> first = store.create(templates.load("flowfuse-csm"), name="CSM, FY26", by=LOCAL)
>>> second = store.save(first.scenario_id, first.plan.edit({"pay.base": 90000.0}), base=1, by=LOCAL)
>>> second.number, [scenario.name for scenario in store.scenarios(by=LOCAL)]
(2, ['CSM, FY26'])
>>> print(difference(first, second).changes[0])
Base salary: $120,000 → $90,000
>>> store.close(), folder.cleanup()
(None, None)
"""

from compplan._moved import forward_names
from compplan.plan.differences import Change as Change
from compplan.plan.differences import changes as changes
from compplan.store.audit import EVENTS as EVENTS
from compplan.store.differences import VersionDifference as VersionDifference
from compplan.store.differences import difference as difference
from compplan.store.drafts import Draft as Draft
from compplan.store.errors import Busy as Busy
from compplan.store.errors import DraftConflict as DraftConflict
from compplan.store.errors import LinkClosed as LinkClosed
from compplan.store.errors import NotAllowed as NotAllowed
from compplan.store.errors import NotFound as NotFound
from compplan.store.errors import NotPossible as NotPossible
from compplan.store.errors import StoreError as StoreError
from compplan.store.errors import Unavailable as Unavailable
from compplan.store.records import ActorRef as ActorRef
from compplan.store.records import Audience as Audience
from compplan.store.records import AuditEvent as AuditEvent
from compplan.store.records import Conflict as Conflict
from compplan.store.records import Lifecycle as Lifecycle
from compplan.store.records import Scenario as Scenario
from compplan.store.records import SharedVersion as SharedVersion
from compplan.store.records import ShareLink as ShareLink
from compplan.store.records import Status as Status
from compplan.store.records import Version as Version
from compplan.store.retention import ErasureResult as ErasureResult
from compplan.store.retention import RetentionResult as RetentionResult
from compplan.store.store import Store as Store
from compplan.store.throttle import Throttle as Throttle
from compplan.store.throttle import client_key as client_key

__getattr__ = forward_names(__name__)
