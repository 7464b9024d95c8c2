from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

    def ready(self) -> None:
        from accounts import failed_attempts, receivers, security_events  # noqa: F401  connects them
        from accounts.models import User
        from observability import population

        population.register("users_total", lambda: {(): User.objects.count()})
