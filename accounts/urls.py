"""Pages of the account that django-allauth doesn't bring, or whose place they take."""

from django.urls import path
from django.views.generic import RedirectView

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("signup/check/", views.check_sign_up, name="check_sign_up"),
    path("profile/", views.profile_page, name="profile"),
    path("email/", views.email, name="email"),
    path("email/resend/", views.email_resend, name="email_resend"),
    path("email/withdraw/", views.email_withdraw, name="email_withdraw"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/end-others/", views.sessions_end_others, name="sessions_end_others"),
    path("sessions/<int:session>/end/", views.session_end, name="session_end"),
    path("delete/", views.delete, name="delete"),
    path("2fa/", views.SecurityPage.as_view(), name="security"),
    # The security page lists the passkeys: allauth's own list of them is a page too many.
    path("2fa/webauthn/", RedirectView.as_view(pattern_name="mfa_index")),
]
