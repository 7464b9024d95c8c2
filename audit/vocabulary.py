"""The vocabulary in words: how a page says it, and what it means."""

from dataclasses import dataclass

from audit.actors import Means

MEANS = {
    Means.DASHBOARD: "Web pages",
    Means.API: "Management API",
    Means.KEY: "Management key",
    Means.COMMAND: "Command line",
    Means.SYSTEM: "RedisGate itself",
}

TYPES = {
    "organization": "Organization",
    "member": "Member",
    "invitation": "Invitation",
    "sso": "Single sign-on",
    "domain": "Domain",
    "instance": "Instance",
    "data": "Data of an instance",
    "console": "Console of an instance",
    "api_key": "API key",
    "management_key": "Management key",
    "quota": "Quota",
    "plan": "Plan",
    "account": "Account",
    "person": "Person",
    "audit": "Audit log",
    "job": "Background job",
}
"""What actions are done to, by the word before the dot."""


@dataclass(frozen=True, slots=True)
class Words:
    """``phrase`` stands between the actor and the object's name, ``meaning`` in the reference."""

    phrase: str
    meaning: str


WORDS = {
    "organization.create": Words("created the organization", "An organization began."),
    "organization.update": Words("changed the organization", "Its name or description changed."),
    "organization.delete": Words(
        "deleted the organization", "It is gone with all that was in it, except for this log."
    ),
    "organization.transfer": Words(
        "handed over the organization", "Somebody else owns it from now on."
    ),
    "organization.suspend": Words(
        "suspended the organization", "An operator stopped its servers and keys."
    ),
    "organization.explain_suspension": Words(
        "changed the reason for suspending", "Its members read another reason from now on."
    ),
    "organization.resume": Words("resumed the organization", "An operator ended its suspension."),
    "job.run_again": Words("queued again", "An operator had a failed job done once more."),
    "job.forget": Words("forgot", "An operator deleted a failed job and what it was to work on."),
    "audit.seal": Words(
        "sealed old events in",
        "Events older than `AUDIT_RETENTION_DAYS` left the database for a signed file.",
    ),
    "member.add": Words("added the member", "A person belongs to the organization now."),
    "member.change_role": Words("changed the role of", "What a member may do changed."),
    "member.remove": Words("removed the member", "A person doesn't belong to it any more."),
    "member.leave": Words("left", "A member ended their own membership."),
    "invitation.create": Words("invited", "A person was asked to join by email."),
    "invitation.resend": Words("invited again", "The invitation was sent again."),
    "invitation.withdraw": Words("withdrew the invitation of", "Its link is dead."),
    "invitation.accept": Words("accepted the invitation of", "The invited person joined."),
    "invitation.decline": Words("declined the invitation of", "The invited person said no."),
    "sso.connect": Words("connected the identity provider", "It isn't asked yet."),
    "sso.test": Words("tested the identity provider", "Somebody signed in by it to try it."),
    "sso.update": Words(
        "changed the identity provider", "Its settings, or whether it is the only way in."
    ),
    "sso.disconnect": Words("disconnected the identity provider", "Nobody signs in by it."),
    "sso.join": Words("joined by single sign-on", "A membership made at the first sign-in."),
    "sso.link": Words(
        "linked a sign-in to the account", "An identity of the provider belongs to a person."
    ),
    "sso.bypass": Words(
        "went around single sign-on in", "An owner came in by password where others can't."
    ),
    "domain.claim": Words("claimed the domain", "Mail domains say whom a provider speaks for."),
    "domain.approve": Words("approved the domain", "The claim was proven, or an operator agreed."),
    "domain.remove": Words("gave up the domain", "The provider no longer speaks for it."),
    "quota.update": Words("changed the quota of", "An operator changed limits."),
    "plan.create": Words("made the plan", "An operator made a plan."),
    "plan.update": Words("changed the plan", "An operator changed a plan's limits."),
    "plan.assign": Words("assigned a plan to", "An organization follows another plan."),
    "person.suspend": Words("suspended", "An operator shut a person out."),
    "person.explain_suspension": Words(
        "changed the reason for suspending", "Operators wrote another reason down."
    ),
    "person.resume": Words("let in again", "An operator ended a person's suspension."),
    "account.sign_in": Words(
        "signed in as", "In a browser, or as a program with the password; everything was proven."
    ),
    "account.update": Words("changed the account", "A person changed how they are shown."),
    "account.change_password": Words("changed the password of", "By its owner."),
    "account.reset_password": Words("reset the password of", "By a link sent by email."),
    "account.ask_email_change": Words(
        "asked to change the address of", "The new address must be confirmed first."
    ),
    "account.withdraw_email_change": Words(
        "withdrew the change of address of", "The address stays as it is."
    ),
    "account.confirm_email": Words("confirmed the address of", "The link sent there was used."),
    "account.change_email": Words(
        "changed the address of", "Mail and sign-in use the new address."
    ),
    "account.add_second_factor": Words(
        "added a second factor to", "An authenticator or a passkey."
    ),
    "account.remove_second_factor": Words(
        "removed a second factor from", "An authenticator or a passkey."
    ),
    "account.renew_recovery_codes": Words(
        "renewed the recovery codes of", "The former ones are void."
    ),
    "account.use_recovery_code": Words(
        "used a recovery code of", "One of the codes for lost phones let somebody in, and is void."
    ),
    "account.refuse_password": Words(
        "gave a wrong password for",
        "Somebody tried to log in; once an hour is written down for each address.",
    ),
    "account.refuse_code": Words(
        "gave a wrong code for", "The password was right, and the second factor was not."
    ),
    "account.end_session": Words("ended a session of", "That browser is signed out."),
    "account.end_program": Words("ended a program's log-in of", "Its refresh token is dead."),
    "account.stop_reused_token": Words(
        "stopped a reused token of",
        "A refresh token came twice, so the log-in it belongs to was ended.",
    ),
    "account.delete": Words("deleted the account", "The person can't sign in any more."),
    "instance.create": Words("created the instance", "A server of our own was asked for."),
    "instance.adopt": Words(
        "connected the server", "A server that somebody else runs was adopted."
    ),
    "instance.readdress": Words(
        "changed the address of the server", "An adopted server is reached in another way."
    ),
    "instance.start": Words("started the instance", "Its server was asked to run."),
    "instance.stop": Words("stopped the instance", "Its server was asked to stop."),
    "instance.restart": Words("restarted the instance", "Its server was asked to restart."),
    "instance.rename": Words("renamed the instance", "Only its name changed."),
    "instance.resize": Words("resized the instance", "Its memory changed."),
    "instance.set_eviction_policy": Words(
        "changed the eviction policy of", "What the server drops when its memory is full."
    ),
    "instance.set_persistence": Words(
        "changed the persistence of", "How the server keeps data on disk."
    ),
    "instance.set_expiry": Words("changed the expiry of", "When the instance deletes itself."),
    "instance.rotate_password": Words(
        "rotated the password of", "A new one counts; the former one for `grace_seconds` more."
    ),
    "instance.end_former_password": Words(
        "ended the former password of", "It stopped working before its time."
    ),
    "instance.delete": Words(
        "deleted the instance", "With its data. `reason` is `expired` where its time had come."
    ),
    "instance.disconnect": Words("closed a connection to", "One native client was disconnected."),
    "api_key.create": Words("created the API key", "Its token was shown once."),
    "api_key.update": Words("changed the API key", "Its name, reach or limits changed."),
    "api_key.rotate": Words(
        "rotated the API key", "A new secret counts, the former one for a while."
    ),
    "api_key.end_former_secret": Words(
        "ended the former secret of", "It stopped working before its time."
    ),
    "api_key.revoke": Words("revoked the API key", "It is dead within a second."),
    "management_key.create": Words(
        "created the management key", "A program may use the management API by it."
    ),
    "management_key.revoke": Words("revoked the management key", "It is dead at once."),
    "console.command": Words(
        "ran a command on", "By an admin's console. Its name and keys are kept, never values."
    ),
    "data.create": Words("created a key in", "In the data browser. The value isn't kept."),
    "data.update": Words("changed a key in", "In the data browser. The value isn't kept."),
    "data.rename": Words("renamed a key in", "In the data browser."),
    "data.copy": Words("copied a key in", "In the data browser."),
    "data.expire": Words("changed a key's expiry in", "In the data browser."),
    "data.delete": Words("deleted a key in", "In the data browser."),
    "data.delete_many": Words(
        "deleted many keys in", "In the data browser: all keys with a prefix."
    ),
}


def phrase(action: str) -> str:
    """Say an action in words; one without any speaks for itself."""
    return WORDS[action].phrase if action in WORDS else action
