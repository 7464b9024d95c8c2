"""Turn the reconciler's steps into rows and into work for the crew, for one instance each."""

import logging
from collections.abc import Callable
from functools import partial

from django.db import DataError, transaction
from django.utils import timezone

from instances import (
    live,
    markings,
    moves,
    passwords,
    ports,
    reconciler,
    services,
    settings_plan,
)
from instances.crew import Crew, Look, Outcome, Result, Task
from instances.ends import Ends
from instances.models import Instance
from instances.notebook import Notebook, Users, settings_wish_of
from instances.provisioners.base import (
    Observation,
    PortTaken,
    Presence,
    Provisioner,
    ProvisionError,
)
from instances.spec import DriverState, InstanceSpec
from instances.spec_of_row import address_spec_of, spec_of
from instances.states import Wish
from instances.steps import (
    ApplyAcl,
    ApplySettings,
    Deed,
    Destroy,
    Expire,
    Mark,
    MarkCrashed,
    MarkFailed,
    MarkSettings,
    Start,
    Stop,
    Wait,
)
from redisgate.lib import log_context
from redisgate.lib.errors import Unavailable

log = logging.getLogger(__name__)

LONGEST_STEP_CHAIN = 5
BROKEN = "RedisGate itself failed at this. The reason is in the operator's log."


class NotInCharge(Exception):
    """A deed that came too late: another controller may lead by now."""


class Caretaker:
    """Looks after instances; all its methods belong to the loop's thread."""

    def __init__(
        self,
        crew: Crew,
        notebook: Notebook,
        ends: Ends,
        driver_of: Callable[[str], Provisioner],
        is_in_charge: Callable[[], bool],
    ) -> None:
        self._crew = crew
        self._ends = ends
        self._notebook = notebook
        self._driver_of = driver_of
        self._is_in_charge = is_in_charge
        self._has_put_off = False

    def look(self, instance: Instance) -> None:
        """Have the server observed; the answer comes to `settle`."""
        self._notebook.page(instance.pk).looked()
        self._submit(instance, Look())

    def settle(self, outcomes: list[Outcome]) -> None:
        """Write down what the crew has done or seen, and go on from there."""
        rows = Instance.objects.in_bulk([o.task.instance_id for o in outcomes]) if outcomes else {}
        for outcome in outcomes:
            instance = rows.get(outcome.task.instance_id)
            if instance is None:
                self._notebook.tear_out(outcome.task.instance_id)
                continue
            with log_context.scope(instance=instance.pk, organization=instance.organization_id):
                self._settle_or_complain(instance, outcome)

    def _settle_or_complain(self, instance: Instance, outcome: Outcome) -> None:
        try:
            self._settle(instance, outcome)
        except DataError as error:
            # What one server says must not keep the loop from all others.
            self._notebook.page(instance.pk).complain(
                f"What {instance.pk} says can't be written: {error}"
            )

    def _settle(self, instance: Instance, outcome: Outcome) -> None:
        if isinstance(outcome.task.work, Look):
            self._seen(instance, outcome)
        elif isinstance(outcome.error, NotInCharge):
            self.look(instance)
        elif outcome.error is not None:
            self._failed(instance, outcome.task.work, outcome.error)
        elif self._done(instance, outcome.task.work, outcome):
            self.look(instance)

    def may_catch_up(self) -> bool:
        """Say, once, that a start which had to wait for others can have its turn."""
        if not self._has_put_off or not self._crew.may_start():
            return False
        self._has_put_off = False
        return True

    def do(self, instance: Instance, deed: Deed) -> None:
        """Begin a deed, unless it must wait or somebody has moved the instance meanwhile."""
        if isinstance(deed, Start) and not self._crew.may_start():
            self._has_put_off = True
        elif markings.begun(instance, deed):
            self._submit(instance, deed)

    def _seen(self, instance: Instance, outcome: Outcome) -> None:
        page = self._notebook.page(instance.pk)
        if not isinstance(outcome.result, Observation):
            # Not having seen anything, we keep the last opinion; an end needs none.
            page.complain(f"{instance.pk} can't be looked at: {outcome.error}")
            if instance.wish == Wish.DELETED:
                self._act(instance, Observation(presence=Presence.SILENT))
            return
        page.see(outcome.result, timezone.now())
        if outcome.result.presence is Presence.RUNNING:
            self._watch(instance)
        self._act(instance, outcome.result)

    def _watch(self, instance: Instance) -> None:
        """Have the end of this server ring, where that is possible."""
        if instance.pk in self._ends:
            return
        spec = address_spec_of(instance)
        try:
            descriptor = self._driver_of(instance.provisioner).watch(spec, instance.driver_state)
        except (LookupError, ProvisionError):
            return  # it is looked at more often then
        if descriptor is not None:
            self._ends.watch(instance.pk, descriptor)

    def _act(self, instance: Instance, observed: Observation) -> None:
        """Follow the plan until it asks for patience or for something that takes its time."""
        page = self._notebook.page(instance.pk)
        for _ in range(LONGEST_STEP_CHAIN):
            now = timezone.now()
            match reconciler.plan(page.desired(instance, now), observed, now):
                case Wait():
                    return
                case Expire():
                    if not services.expire(instance):
                        return  # somebody has just given it more time
                    instance.wish = Wish.DELETED
                case Mark() | MarkCrashed() | MarkFailed() | MarkSettings() as marking:
                    page.was_started &= not isinstance(marking, MarkCrashed)
                    if not markings.write(instance, marking):
                        return
                case deed:
                    self.do(instance, deed)
                    return

    def _submit(self, instance: Instance, work: Look | Deed) -> None:
        page = self._notebook.page(instance.pk)
        try:
            provisioner = self._driver_of(instance.provisioner)
        except LookupError as error:
            page.complain(f"{instance.pk} can't be run: {error}")
            return
        users = page.users_of(instance, timezone.now())
        spec = spec_of(instance, users.users)
        task = Task(instance_id=instance.pk, work=work, users=users)
        call = partial(_perform, provisioner, work, spec, instance.driver_state)
        self._crew.submit(task, partial(self._in_charge, work, call))

    def _in_charge(self, work: Look | Deed, call: Callable[[], Result]) -> Result:
        """Change nothing when this thread gets its turn after our lease; to look is harmless."""
        if not isinstance(work, Look) and not self._is_in_charge():
            raise NotInCharge
        return call()

    def _done(self, instance: Instance, deed: Deed, outcome: Outcome) -> bool:
        """Write down a deed's success; False when there is nothing left to look at."""
        page = self._notebook.page(instance.pk)
        match deed:
            case Start():
                page.was_started = True
                moves.note(instance, driver_state=outcome.result, **_known(outcome.task.users))
            case Stop():
                page.was_started = False
                moves.note(instance, driver_state=outcome.result)
            case ApplyAcl():
                moves.note(instance, **_known(outcome.task.users))
                passwords.forget_former(instance, timezone.now())
            case ApplySettings():
                known, words = settings_wish_of(instance), str(outcome.result or "")
                now = timezone.now()
                markings.write(instance, settings_plan.after_applying(deed, known, words, now))
            case Destroy():
                self._notebook.tear_out(instance.pk)
                self._ends.forget(instance.pk)
                with transaction.atomic():
                    live.announce(instance, deleted=True)
                    instance.delete()
                return False
        return True

    def _failed(self, instance: Instance, deed: Deed, error: BaseException) -> None:
        if isinstance(deed, Start) and isinstance(error, PortTaken):
            refusal = _on_another_port(instance, error)
            if refusal is None:
                self.look(instance)
                return
            error = refusal
        what = f"{type(deed).__name__} of {instance.pk}"
        if isinstance(error, ProvisionError):
            log.warning("%s failed: %s", what, error.message)
        else:
            log.error("%s broke", what, exc_info=error)
            error = ProvisionError(BROKEN)
        now = timezone.now()
        desired = self._notebook.page(instance.pk).desired(instance, now)
        markings.write(instance, reconciler.after_failure(desired, deed, error, now))


def _on_another_port(instance: Instance, taken: PortTaken) -> ProvisionError | None:
    """Move to another port, or say why there is none."""
    try:
        ports.reassign(instance)
    except Unavailable as refusal:
        return ProvisionError(refusal.message)
    log.warning("%s moves to port %d: %s", instance.pk, instance.port, taken.message)
    return None


def _perform(
    provisioner: Provisioner, work: Look | Deed, spec: InstanceSpec, state: DriverState
) -> Result:
    match work:
        case Look():
            seen = provisioner.observe(spec, state)
            if seen.presence is Presence.ABSENT and not seen.detail:
                return Observation.absent(provisioner.log_tail(spec))
            return seen
        case Start():
            return provisioner.start(spec, state)
        case Stop():
            return provisioner.stop(spec, state)
        case ApplyAcl():
            provisioner.apply_acl(spec, state)
        case ApplySettings():
            return provisioner.apply_settings(spec, state)
        case Destroy():
            provisioner.destroy(spec, state)
    return None


def _known(users: Users) -> dict[str, object]:
    """Say which change of users the server knows, and until when that is right."""
    return {"acl_done": users.acl_wish, "acl_valid_until": users.valid_until}
