"""ACL texts as values: what is written, and what is refused."""

import pytest

from instances import acl
from instances.acl import AclUser, Scope

HASH = "a" * 64


def user(*rules: str, name: str = "rg_a", password_sha256: str = HASH) -> AclUser:
    return AclUser(name, password_sha256, rules)


def test_user_is_one_line_that_starts_from_nothing() -> None:
    text = acl.render([acl.default_user("x"), user("~a*", "+@read")])
    assert f"user rg_a reset on #{HASH} ~a* +@read\n" in text


def test_order_of_users_changes_neither_text_nor_digest() -> None:
    one, other = user("+get"), user("+set", name="rg_b")
    assert acl.render([one, other]) == acl.render([other, one])
    assert acl.digest([one, other]) == acl.digest([other, one])


@pytest.mark.parametrize(
    "other",
    [
        user("+set"),
        user("+get", "+set"),
        user("+get", name="rg_b"),
        user("+get", password_sha256="b" * 64),
    ],
)
def test_digest_shows_every_change(other: AclUser) -> None:
    assert acl.digest([user("+get")]) != acl.digest([other])
    assert acl.digest([user("+get")]) != acl.digest([])
    assert acl.digest([user("+get")]) != acl.digest([user("+get"), other])


def test_file_without_default_switches_default_off() -> None:
    assert acl.render([user("+get")]).startswith("user default reset off -@all\n")


def test_digest_comes_back_from_the_names_of_the_file() -> None:
    users = [acl.default_user("x"), user("+get")]
    text = acl.server_file("secret", users)
    names = [line.split(" ")[1] for line in text.splitlines()]
    assert acl.acknowledged_digest(names) == acl.digest(users)
    assert acl.acknowledged_digest(["default", "rg-admin"]) == ""


def test_file_holds_no_password() -> None:
    assert "secret" not in acl.server_file("secret", [acl.default_user("secret too")])


@pytest.mark.parametrize("name", ["", "a b", "a\nuser b", 'a"', "a\0", "é", "a" * 129, "rg-acl-1"])
def test_name_that_breaks_out_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="can't be the name"):
        acl.render([user("+get", name=name)])


@pytest.mark.parametrize("digest", ["", "A" * 64, "a" * 63, "nopass", f"{HASH} nopass"])
def test_user_without_a_hashed_password_is_refused(digest: str) -> None:
    with pytest.raises(ValueError, match="needs the SHA-256"):
        acl.render([user("+get", password_sha256=digest)])


@pytest.mark.parametrize(
    "rule",
    ["nopass", "resetpass", "reset", "off", ">secret", "<secret", f"#{HASH}", "(~a", "", "allkeys"],
)
def test_rule_about_anything_but_keys_channels_and_commands_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="is not a rule"):
        acl.render([user(rule)])


@pytest.mark.parametrize("rule", ["~a b", "~a\n", "~a\r", "~a\0", '~"a', "~'a", "~a\u2028", "~a\t"])
def test_rule_that_breaks_out_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="may not contain"):
        acl.render([user(rule)])


def test_name_used_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="appears twice"):
        acl.render([user("+get"), user("+set")])


def test_empty_password_is_refused() -> None:
    with pytest.raises(ValueError, match="may not be empty"):
        acl.default_user("")


@pytest.mark.parametrize("pattern", ["", "a b", "a\nb", '"', "'", "\0", "x" * 513])
def test_key_pattern_that_no_file_can_hold_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^(It|A key pattern) may"):
        acl.rules_for({Scope.READ}, [pattern])


def test_patterns_replace_all_keys() -> None:
    assert acl.rules_for({Scope.WRITE}, ["a:*", "b:*"])[:2] == ("~a:*", "~b:*")
    assert acl.rules_for({Scope.READ}, ["a:*"])[0] == "%R~a:*"
    assert "~*" not in acl.rules_for({Scope.ADMIN}, ["a:*"])


def test_star_among_the_patterns_means_all_keys() -> None:
    everything = acl.rules_for({Scope.WRITE}, ())
    assert acl.rules_for({Scope.WRITE}, ["a:*", "*", "b:*"]) == everything


def test_pattern_given_twice_is_written_once() -> None:
    rules = acl.rules_for({Scope.WRITE}, ["a:*", "a:*"])
    assert rules == acl.rules_for({Scope.WRITE}, ["a:*"])


def test_widest_scope_counts() -> None:
    assert acl.rules_for(list(Scope), ()) == acl.rules_for({Scope.ADMIN}, ())
    assert acl.rules_for({Scope.READ, Scope.WRITE}, ()) == acl.rules_for({Scope.WRITE}, ())


def test_key_without_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        acl.rules_for((), ())
