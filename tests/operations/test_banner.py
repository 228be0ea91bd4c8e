"""The startup banner lists the pages that these settings serve."""

from operations import banner


def test_it_lists_the_served_pages(configure, capsys):
    configure(log_format="text", public_base_url="http://localhost:8100", hosted_pages=True)
    banner.show()
    shown = capsys.readouterr().err
    assert "http://localhost:8100/docs" in shown
    assert "http://localhost:8100/signup" in shown
    assert "manage.py create-superuser" in shown


def test_it_omits_disabled_pages(configure):
    configure(hosted_pages=False, smtp_host="mail.example.com")
    assert "/signup" not in banner.text()
    assert "/dev/mailbox" not in banner.text()


def test_it_is_not_printed_for_programs_or_in_production(configure, capsys):
    for changes in ({"log_format": "json"}, {"log_format": "text", "environment": "production"}):
        configure(**changes)
        banner.show()
        assert capsys.readouterr().err == ""
