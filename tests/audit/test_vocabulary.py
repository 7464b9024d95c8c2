from audit import vocabulary
from audit.actions import Action
from audit.actors import Means
from audit.services import type_of


def test_every_action_has_words() -> None:
    missing = [each.value for each in Action if each.value not in vocabulary.WORDS]
    assert not missing, f"say in audit/vocabulary.py what these mean: {missing}"
    assert {type_of(each) for each in Action} <= vocabulary.TYPES.keys()
    assert vocabulary.MEANS.keys() == set(Means)
