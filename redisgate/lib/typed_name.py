"""The name of what is to be deleted, typed once more."""

from typing import Any

from django import forms


class TypedNameForm(forms.Form):
    """Asks before something is gone for good."""

    confirm = forms.CharField()

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["confirm"].widget.attrs["data-phrase"] = name

    def clean_confirm(self) -> str:
        typed: str = self.cleaned_data["confirm"]
        # Browsers and people tidy blanks, so they don't count.
        if typed.split() != self.name.split():
            raise forms.ValidationError(f"This is not the name. Type {self.name} to confirm.")
        return typed
