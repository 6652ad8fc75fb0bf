"""Forms of chasing: how one wants to hear, when the region reminds."""

from django import forms

from obligations.models import MailFrequency

BY_MAIL, IN_PORTAL = "mail", "portal"


class NoticesReadForm(forms.Form):
    """Which notices are read: one, or all up to the newest on the page."""

    notice = forms.IntegerField(required=False, min_value=1)
    latest = forms.IntegerField(required=False, min_value=1)


class MailPreferenceForm(forms.Form):
    """Channel and frequency of what is no duty."""

    channel = forms.ChoiceField(
        label="Где напоминать",
        choices=[(BY_MAIL, "Письмом и в портале"), (IN_PORTAL, "Только в портале")],
        widget=forms.RadioSelect,
    )
    frequency = forms.ChoiceField(label="Как часто", choices=MailFrequency.choices, widget=forms.RadioSelect)
