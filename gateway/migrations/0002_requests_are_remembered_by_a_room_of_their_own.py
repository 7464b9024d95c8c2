from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("gateway", "0001_remembered_requests")]

    operations = [
        migrations.RemoveIndex("RememberedRequest", "remembered_by_key"),
        migrations.RenameField("RememberedRequest", "acl_user", "caller"),
        migrations.AddIndex(
            "RememberedRequest",
            models.Index(
                fields=["caller", "expires_at", "reply_bytes"], name="remembered_by_caller"
            ),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable("RememberedRequest", "repeats_rememberedrequest")
            ],
            state_operations=[migrations.DeleteModel("RememberedRequest")],
        ),
    ]
