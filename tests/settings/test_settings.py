"""Settings: defaults, derived values, sources, lists, and messages without values."""

import base64
import secrets
from urllib.parse import quote

import pytest
from pydantic import ValidationError

from settings import env_file, secret_strength
from settings.fields import OPTIONS, names_of
from settings.loading import read
from settings.sources import MAIL_SERVERS, InvalidSettings

SECRET = secrets.token_urlsafe(48)
BASE = {"JWT_SECRET": SECRET}


def test_with_only_a_secret_every_default_is_as_documented():
    found = read(BASE)
    assert (found.environment, found.database_url) == ("development", "sqlite:///./credentials.db")
    assert (found.access_token_expire_minutes, found.refresh_token_expire_days, found.session_max_days) == (15, 7, 90)
    assert (found.bcrypt_rounds, found.password_min_length, found.password_require) == (12, 8, ())
    assert (found.email_verification, found.email_verification_ttl_hours) == ("off", 24)
    assert (found.email_verification_code_expiry_minutes, found.password_reset_ttl_minutes) == (15, 30)
    assert (found.frontend_base_url, found.public_base_url) == ("http://localhost:8000", "http://localhost:8000")
    assert (found.superuser_user_id, found.superuser_email) == ("suvodutta", "suvodutta.isme@gmail.com")
    assert (found.hash_queue, found.refresh_reuse_grace_seconds, found.trusted_proxies) == (64, 10, ())
    assert found.development_mailbox
    assert found.warnings == ()


def test_unset_settings_are_derived_from_others():
    found = read(BASE | {"PUBLIC_BASE_URL": "https://id.shop.example/", "FRONTEND_BASE_URL": "https://shop.example/a/"})
    assert (found.public_base_url, found.frontend_base_url) == ("https://id.shop.example", "https://shop.example/a")
    assert found.jwt_issuer == "https://id.shop.example"
    assert found.mail_from == "noreply@id.shop.example"
    assert found.cors_origins == ("https://shop.example",)


def test_log_format_is_json_in_production_and_text_in_development():
    production = BASE | {
        "ENVIRONMENT": "production",
        "FRONTEND_BASE_URL": "https://shop.example",
        "PUBLIC_BASE_URL": "https://id.shop.example",
        "EMAIL_VERIFICATION": "off",
    }
    assert (read(BASE).log_format, read(production).log_format) == ("text", "json")
    assert read(production | {"LOG_FORMAT": "text"}).log_format == "text"


def test_explicit_settings_are_not_derived():
    found = read(BASE | {"JWT_ISSUER": "me", "MAIL_FROM": "a@b.example", "CORS_ORIGINS": "https://one.example"})
    assert (found.jwt_issuer, found.mail_from, found.cors_origins) == ("me", "a@b.example", ("https://one.example",))


@pytest.mark.parametrize(
    "text", ["https://a.example,https://b.example:8443", " https://A.example , https://b.example:8443/ ,,"]
)
def test_list_is_comma_separated(text):
    assert read(BASE | {"CORS_ORIGINS": text}).cors_origins == ("https://a.example", "https://b.example:8443")


def test_networks_can_be_ipv4_and_ipv6():
    found = read(BASE | {"TRUSTED_PROXIES": "10.1.2.3/8, 127.0.0.1, 2001:db8::1, fd00::/8"})
    assert found.trusted_proxies == ("10.0.0.0/8", "127.0.0.1/32", "2001:db8::1/128", "fd00::/8")


def test_service_tokens_can_be_rotated():
    assert read(BASE | {"INTERNAL_SERVICE_TOKEN": "old, new"}).internal_service_token == ("old", "new")


def test_secret_can_be_read_from_a_file(tmp_path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    names = ["JWT_SECRET", "SECRET_KEY", "REFRESH_TOKEN_SECRET_KEY", "SUPERUSER_PASSWORD", "SMTP_PASSWORD", "SENDGRID_API_KEY", "GOOGLE_CLIENT_SECRET", "METRICS_TOKEN", "JWT_SECRET_PREVIOUS"]  # fmt: skip
    for name in names:
        found = read((BASE if "JWT" not in name else {}) | {f"{name}_FILE": str(tmp_path / "secret")})
        assert SECRET in vars(found).values(), name
        assert found.warnings == () or "GOOGLE" in name
    assert read(BASE | {"INTERNAL_SERVICE_TOKEN_FILE": str(tmp_path / "secret")}).internal_service_token == (SECRET,)
    database = read(BASE | {"POSTGRES_HOST": "db", "POSTGRES_PASSWORD_FILE": str(tmp_path / "secret")}).database_url
    assert f":{SECRET}@db" in database
    company = {"OIDC_PROVIDERS": "company", "OIDC_COMPANY_ISSUER": "https://id.example", "OIDC_COMPANY_CLIENT_ID": "x"}
    redis = read(BASE | {"REDIS_HOST": "redis", "REDIS_PASSWORD_FILE": str(tmp_path / "secret")}).redis_url
    assert quote(SECRET, safe="") in redis
    (server,) = read(BASE | company | {"OIDC_COMPANY_CLIENT_SECRET_FILE": str(tmp_path / "secret")}).oidc_providers
    assert server.client_secret == SECRET


def test_environment_takes_precedence_over_a_file_with_a_warning(tmp_path):
    (tmp_path / "other").write_text("another")
    found = read(BASE | {"JWT_SECRET_FILE": str(tmp_path / "other")})
    assert found.jwt_secret == SECRET
    assert found.warnings == ("JWT_SECRET and JWT_SECRET_FILE differ: JWT_SECRET is used",)


@pytest.mark.parametrize("path", ["missing", ".", "binary", "nul\0nul"])
def test_unreadable_file_is_reported(tmp_path, path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidSettings) as unusable:
        read(BASE | {"METRICS_TOKEN_FILE": f"{tmp_path}/{path}"})
    assert unusable.value.lines == ("METRICS_TOKEN_FILE: must be the path of a readable text file",)


def test_file_of_an_unknown_setting_is_ignored():
    assert read(BASE | {"SSL_CERT_FILE": "/nowhere", "ENV_FILE": "/nowhere"}) == read(BASE)


def test_blank_value_counts_as_unset():
    assert read(BASE | {"SMTP_HOST": "  ", "BCRYPT_ROUNDS": "", "CORS_ORIGINS": " "}) == read(BASE)


def test_number_can_be_surrounded_by_blanks():
    assert read(BASE | {"BCRYPT_ROUNDS": " 10 "}).bcrypt_rounds == 10


@pytest.mark.parametrize(("text", "value"), [("true", True), ("1", True), ("False", False), ("0", False), ("on", True)])
def test_boolean_can_be_written_in_several_forms(text, value):
    assert read(BASE | {"EXPOSE_VERIFICATION_TOKEN": text}).expose_verification_token is value


def test_settings_are_immutable():
    with pytest.raises(ValidationError):
        read(BASE).bcrypt_rounds = 4


# ---------------------------------------------------------------------------------------------------------- mail servers


def mail_server(**given: str) -> tuple[str, int, str, str]:
    found = read(BASE | given)
    assert not found.development_mailbox
    return found.smtp_host, found.smtp_port, found.smtp_user, found.smtp_password


def test_sendgrid_key_alone_is_enough():
    assert mail_server(SENDGRID_API_KEY="SG.key") == ("smtp.sendgrid.net", 587, "apikey", "SG.key")


def test_gmail_user_alone_selects_gmail():
    given = {"MAIL_USERNAME": "shop@GMail.com", "MAIL_PASSWORD": "app password"}
    assert mail_server(**given) == ("smtp.gmail.com", 587, "shop@GMail.com", "app password")


@pytest.mark.parametrize("provider", ["mailgun", "ses", "gmail"])
def test_provider_sets_the_host(provider):
    given = {"MAIL_PROVIDER": provider, "SMTP_USER": "user", "SMTP_PASSWORD": "password"}
    assert mail_server(**given) == (MAIL_SERVERS[provider], 587, "user", "password")


@pytest.mark.parametrize("given", [{"SENDGRID_API_KEY": "key"}, {"MAIL_PROVIDER": "sendgrid", "SMTP_PASSWORD": "key"}])
def test_user_of_sendgrid_is_fixed(given):
    for another in ({}, {"MAIL_USERNAME": "me@gmail.com"}):
        assert mail_server(**given, **another) == ("smtp.sendgrid.net", 587, "apikey", "key")


def test_parts_of_the_database_url_that_differ_are_named():
    parts = {"POSTGRES_USER": "ann", "POSTGRES_HOST": "db", "DB_USER": "bob", "DB_HOST": "db", "DB_NAME": "accounts"}
    assert [each for each in read(BASE | parts).warnings if "differ" in each] == [
        "POSTGRES_USER and DB_USER differ: POSTGRES_USER is used"
    ]
    assert not [each for each in read(BASE | parts | {"DATABASE_URL": "sqlite:///a.db"}).warnings if "differ" in each]
    del parts["POSTGRES_USER"], parts["POSTGRES_HOST"]
    found = read(BASE | parts | {"POSTGRES_PASSWORD": "one", "DB_PASS": "two"})
    assert "two@db" in found.database_url
    assert "DB_PASS and POSTGRES_PASSWORD differ: DB_PASS is used" in found.warnings


@pytest.mark.parametrize("name", ["POSTGRES_PORT", "DB_PORT", "REDIS_PORT"])
@pytest.mark.parametrize("value", ["abc", "0", "99999", "-1", "1.5"])
def test_invalid_port_is_reported(name, value):
    host = {name.replace("PORT", "HOST"): "db.example"}
    with pytest.raises(InvalidSettings) as unusable:
        read(BASE | host | {name: value})
    assert unusable.value.lines == (f"{name}: must be a number from 1 to 65535",)


def test_explicit_host_takes_precedence_over_presets():
    given = {
        "SMTP_HOST": "mail.shop.example",
        "SMTP_USER": "shop@gmail.com",
        "SMTP_PASSWORD": "p",
        "SENDGRID_API_KEY": "k",
    }
    assert mail_server(**given) == ("mail.shop.example", 587, "shop@gmail.com", "p")
    assert mail_server(MAIL_PROVIDER="ses", SMTP_HOST="email-smtp.eu-west-1.amazonaws.com")[0].startswith(
        "email-smtp.eu"
    )


def test_another_user_alone_selects_no_mail_server():
    assert read(BASE | {"SMTP_USER": "shop@example.com"}).development_mailbox


LEAST = BASE | {
    "ENVIRONMENT": "production", "FRONTEND_BASE_URL": "https://shop.example", "PUBLIC_BASE_URL": "https://id.shop.example",
    "EMAIL_VERIFICATION": "required", "SMTP_HOST": "mail.shop.example", "SUPERUSER_USER_ID": "root",
    "SUPERUSER_EMAIL": "root@shop.example", "DATABASE_URL": "postgresql://u:p@db.example/d?sslmode=verify-full",
    "MFA_REQUIRED": "admins",
}  # fmt: skip


def test_valid_production_has_no_warnings_and_no_development_aids():
    found = read(LEAST)
    assert found.warnings == ()
    assert (found.dialects, found.legacy_get_actions, found.hosted_pages, found.makes_superuser) == (
        (),
        False,
        False,
        True,
    )


@pytest.mark.parametrize(("name", "changes"), [
    ("EMAIL_VERIFICATION", {"EMAIL_VERIFICATION": "off"}), ("MFA_REQUIRED", {"MFA_REQUIRED": "off"}), ("SMTP_HOST", {"SMTP_HOST": ""}),
    ("SMTP_SECURITY", {"SMTP_SECURITY": "none"}), ("SUPERUSER_EMAIL", {"SUPERUSER_USER_ID": ""}),
    ("SUPERUSER_EMAIL", {"SUPERUSER_EMAIL": ""}), ("DATABASE_URL", {"DATABASE_URL": "postgresql://u:p@db.example/d"}),
    ("DATABASE_URL", {"DATABASE_URL": "postgresql://u:p@db.example/d?sslmode=prefer"}),
    ("REDIS_URL", {"REDIS_URL": "redis://cache.example:6379/0"}), ("DIALECTS", {"DIALECTS": "storyapp"}),
    ("ACCESS_TOKEN_EXPIRE_MINUTES", {"ACCESS_TOKEN_EXPIRE_MINUTES": "61"}), ("RATE_LIMIT_ENABLED", {"RATE_LIMIT_ENABLED": "false"}),
    ("UNVERIFIED_ACCOUNT_DAYS", {"UNVERIFIED_ACCOUNT_DAYS": "400"}),
    ("LEGACY_GET_ACTIONS", {"DIALECTS": "authentication", "LEGACY_GET_ACTIONS": "true"}),
])  # fmt: skip
def test_risky_setting_is_a_warning_in_production(name, changes):
    warned = [line.partition(":")[0] for line in read(LEAST | changes).warnings]
    assert name in warned
    assert set(warned) <= {name, "DIALECTS"}


def test_local_addresses_are_no_warning():
    here = {"DATABASE_URL": "postgresql://u:p@localhost/d", "REDIS_URL": "redis://127.0.0.1:6379/0"}
    assert read(LEAST | here).warnings == ()


def test_without_a_frontend_links_lead_to_the_hosted_pages():
    assert read(BASE).frontend_base_url == read(BASE).public_base_url
    assert read(BASE).cors_origins == ("http://localhost:3000",)
    with pytest.raises(InvalidSettings, match="FRONTEND_BASE_URL"):
        read(LEAST | {"FRONTEND_BASE_URL": ""})
    found = read(LEAST | {"FRONTEND_BASE_URL": "", "HOSTED_PAGES": "true"})
    assert found.frontend_base_url == "https://id.shop.example"


def test_production_has_no_development_mailbox():
    found = read(
        BASE
        | {
            "ENVIRONMENT": "production",
            "FRONTEND_BASE_URL": "https://shop.example",
            "PUBLIC_BASE_URL": "https://id.shop.example",
            "EMAIL_VERIFICATION": "off",
        }
    )
    assert not found.development_mailbox


# ---------------------------------------------------------------------------------------------------- names and messages


@pytest.mark.parametrize("option", [option for option in OPTIONS if len(names_of(option)) > 1])
def test_alternative_names_are_equal_and_the_first_takes_precedence_with_a_warning(option):
    first, *others = names_of(option)
    one, two = ("20", "30") if OPTIONS[option].annotation is int else (SECRET, SECRET[::-1])
    if option == "frontend_base_url":
        one, two = "https://one.example", "https://two.example"
    if option == "algorithm":
        one, two = "ES256", "EdDSA"
    for other in others:
        assert (
            str(
                getattr(read({"JWT_SECRET": "", "ENVIRONMENT": "development"} | BASE | {first: "", other: one}), option)
            )
            == one
        )
        # The hosted pages would be on another host than the frontend, and could not use its passkeys.
        base = BASE | ({"HOSTED_PAGES": "false"} if option == "frontend_base_url" else {})
        both = read(base | {first: one, other: two})
        assert str(getattr(both, option)) == one
        assert both.warnings == (f"{first} and {other} differ: {first} is used",)
        assert read(base | {first: one, other: one}).warnings == ()


COMPANY = {
    "OIDC_PROVIDERS": "my-company, keycloak",
    "OIDC_MY_COMPANY_ISSUER": "https://sso.company.example/",
    "OIDC_MY_COMPANY_CLIENT_ID": "accounts",
    "OIDC_MY_COMPANY_CLIENT_SECRET": "s3cret-of-the-company",
    "OIDC_KEYCLOAK_ISSUER": "http://localhost:8080/realms/staff",
    "OIDC_KEYCLOAK_CLIENT_ID": "accounts",
    "OIDC_KEYCLOAK_CLIENT_SECRET": "s3cret-of-keycloak",
    "OIDC_KEYCLOAK_SCOPES": "openid email",
}


def test_further_providers_are_configured_by_name():
    company, keycloak = read(BASE | COMPANY).oidc_providers
    assert (company.name, company.issuer) == ("my-company", "https://sso.company.example/")
    assert (company.client_id, company.scopes) == ("accounts", "openid email profile")
    assert (keycloak.issuer, keycloak.scopes) == ("http://localhost:8080/realms/staff", "openid email")


@pytest.mark.parametrize("part", ["ISSUER", "CLIENT_ID", "CLIENT_SECRET"])
def test_missing_part_of_a_further_provider_is_reported(part):
    with pytest.raises(InvalidSettings) as refused:
        read(BASE | COMPANY | {f"OIDC_MY_COMPANY_{part}": ""})
    assert refused.value.lines == (f"OIDC_MY_COMPANY_{part}: is not set",)


def test_invalid_issuer_is_reported():
    with pytest.raises(InvalidSettings) as refused:
        read(BASE | COMPANY | {"OIDC_KEYCLOAK_ISSUER": "sso.company.example"})
    assert refused.value.lines[0].startswith("OIDC_KEYCLOAK_ISSUER: must be an http:// or https:// URL")


@pytest.mark.parametrize("names", ["google", "exchange", "a b", "../x", "keycloak,keycloak", "x" * 40, "-x"])
def test_invalid_provider_name_is_rejected(names):
    with pytest.raises(InvalidSettings) as refused:
        read(BASE | {"OIDC_PROVIDERS": names})
    assert refused.value.lines[0].startswith("OIDC_PROVIDERS: ")


@pytest.mark.parametrize(("given", "lacks"), [("CLIENT_ID", "CLIENT_SECRET"), ("CLIENT_SECRET", "CLIENT_ID")])
def test_incomplete_provider_is_a_warning(given, lacks):
    found = read(BASE | {f"GITHUB_{given}": "something"})
    assert found.warnings == (f"GITHUB_{lacks}: is not set; login with GitHub is disabled",)


def test_placeholder_client_secret_is_a_warning_and_an_error_in_production():
    given = {"GOOGLE_CLIENT_ID": "your_google_client_id", "GOOGLE_CLIENT_SECRET": "your_google_client_secret"}
    assert read(BASE | given).warnings[0].startswith("GOOGLE_CLIENT_SECRET: is an example")
    with pytest.raises(InvalidSettings) as refused:
        read(
            BASE
            | given
            | {
                "ENVIRONMENT": "production",
                "FRONTEND_BASE_URL": "https://shop.example",
                "PUBLIC_BASE_URL": "https://id.shop.example",
                "EMAIL_VERIFICATION": "off",
            }
        )
    assert refused.value.lines[0].startswith("GOOGLE_CLIENT_SECRET: is an example")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://App.example.com:443", "https://app.example.com"),
        ("https://app.example.com/", "https://app.example.com/"),
        ("https://app.example.com/In?to=x", "https://app.example.com/In?to=x"),
        ("com.example.app:/signed-in", "com.example.app:/signed-in"),
        ("myapp://signed-in", "myapp://signed-in"),
        ("capacitor://localhost", "capacitor://localhost"),
    ],
)
def test_redirect_uri_is_an_origin_or_an_exact_url(given, kept):
    assert read(BASE | {"OAUTH_REDIRECT_URIS": given}).oauth_redirect_uris == (kept,)


def test_default_redirect_uri_is_the_origin_of_the_frontend():
    found = read(BASE | {"FRONTEND_BASE_URL": "https://shop.example/a/"})
    assert found.oauth_redirect_uris == ("https://shop.example",)


def test_hosted_pages_are_on_in_development_and_if_enabled():
    live = BASE | {
        "ENVIRONMENT": "production",
        "FRONTEND_BASE_URL": "https://shop.example",
        "PUBLIC_BASE_URL": "https://id.shop.example",
        "EMAIL_VERIFICATION": "off",
    }
    assert read(BASE).hosted_pages
    assert not read(BASE | {"HOSTED_PAGES": "false"}).hosted_pages
    assert not read(live).hosted_pages
    assert read(live | {"HOSTED_PAGES": "true"}).hosted_pages


@pytest.mark.parametrize("name", ["FRONTEND_BASE_URL", "FRONTEND_URL"])
def test_with_an_empty_frontend_url_emails_link_to_the_hosted_pages(name):
    found = read(BASE | {name: " ", "PUBLIC_BASE_URL": "https://id.shop.example/id"})
    assert found.frontend_base_url == "https://id.shop.example/id"
    assert found.cors_origins == ("http://localhost:3000",)
    assert found.places_to_return_to[-2:] == ("https://id.shop.example/id/login", "https://id.shop.example/id/account")
    assert read(BASE | {name: ""}).frontend_base_url == "http://localhost:8000"


def test_alternative_name_of_the_frontend_counts_beside_an_empty_one():
    found = read(BASE | {"FRONTEND_BASE_URL": "", "FRONTEND_URL": "https://shop.example"})
    assert found.frontend_base_url == "https://shop.example"


def test_email_links_need_a_target():
    nowhere = BASE | {"FRONTEND_BASE_URL": "", "HOSTED_PAGES": "false", "PUBLIC_BASE_URL": "https://id.shop.example"}
    assert [line for line in read(nowhere).warnings if "links in emails need a target" in line]
    with pytest.raises(InvalidSettings, match="FRONTEND_BASE_URL: is not set"):
        read(nowhere | {"ENVIRONMENT": "production", "EMAIL_VERIFICATION": "off"})


def test_without_hosted_pages_a_login_returns_to_the_frontend_only():
    assert read(BASE | {"HOSTED_PAGES": "false"}).places_to_return_to == ("http://localhost:3000",)


def test_every_setting_has_a_description():
    assert not [name for name, field in OPTIONS.items() if not (field.description or "").endswith(".")]


def test_weak_secret_is_a_warning_without_its_value_in_development():
    found = read({"JWT_SECRET": "kJ8sH2lQ0z"})
    assert found.warnings[0].startswith("JWT_SECRET: is shorter than 32 bytes")
    assert "kJ8sH2lQ0z" not in "".join(found.warnings)


@pytest.mark.parametrize("name", ["JWT_SECRET", "SMTP_PASSWORD", "SENDGRID_API_KEY", "SUPERUSER_PASSWORD", "INTERNAL_SERVICE_TOKEN", "JWT_SECRET_PREVIOUS"])  # fmt: skip
def test_secret_is_in_no_message_of_another_setting(name):
    with pytest.raises(InvalidSettings) as refused:
        read(BASE | {name: "kJ8sH2lQ0zkJ8sH2lQ0zkJ8sH2lQ0zxyz", "SMTP_PORT": "x", "MAIL_FROM": "nobody"})
    assert "kJ8sH2lQ0z" not in str(refused.value)


MALFORMED = {
    "ENVIRONMENT": ["staging", "prod"],
    "BCRYPT_ROUNDS": ["twelve", "3", "99", "1e1"],
    "ACCESS_TOKEN_EXPIRE_MINUTES": ["0", "-5", "15m", "9" * 30],
    "SMTP_PORT": ["0", "65536", "smtp"],
    "SMTP_SECURITY": ["ssl-and-more"],
    "MAIL_PROVIDER": ["pigeon-post"],
    "MAIL_FROM": ["nobody-at-all", "a@b@c", "Evil <a@example.com>"],
    "MAIL_FROM_NAME": ["two\nlines-of-name"],
    "DATABASE_URL": ["mysql://u:hunter22hunter22@h/d", "nonsense-url", "postgresql:/one-slash"],
    "FRONTEND_BASE_URL": [
        "localhost:4711",
        "ftp://files.example",
        "https:///path-only",
        "https://a.example?x=secret-query",
    ],
    "PUBLIC_BASE_URL": ["//accounts.example", "javascript:alert(1)"],
    "CORS_ORIGINS": ["*", "https://*.example.com", "https://a.example/path", "https://a.example,null-origin"],
    "TRUSTED_PROXIES": ["10.0.0.0/33", "my-load-balancer", "127.0.0.1,nonsense"],
    "OAUTH_REDIRECT_URIS": [
        "app.shop.example/in",
        "https://*.shop.example",
        "https://a.example/#top",
        "javascript:alert(1)",
        "JavaScript://a.example/%0Aalert(1)",
        "data:/text/html,x",
        "file:///etc/passwd",
        "my app://x",
        "htps://app.example.com/cb",
        "https://a.example/*",
    ],
    "GOOGLE_ISSUER": ["accounts.google.com", "https://a.example?x=secret-query"],
    "PASSWORD_REQUIRE": ["upper,vowels-too"],
    "EMAIL_VERIFICATION": ["sometimes-yes"],
    "EXPOSE_VERIFICATION_TOKEN": ["perhaps-so"],
    "SUPERUSER_EMAIL": ["not-an-address"],
    "SUPERUSER_USER_ID": ["two words-here", "x" * 65, "me", ".", "..", "a/b", "a?b", "a#b", "a%62", "a\\b"],
    "REDIS_URL": ["http://redis-of-ours:6379", "redis://redis-of-ours:port-of-it", "redis-of-ours:6379"],
    "RATE_LIMIT_LOGIN": ["often-enough", "0/minute", "10/minute;100/hour", "1/2 years", "-10/minute", "10/fortnight"],
    "RATE_LIMIT_ENABLED": ["perhaps-so"],
    "LOG_LEVEL": ["chatty-level"],
    "LOG_FORMAT": ["xml-format"],
}


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name, values in MALFORMED.items() for value in values],
)
def test_malformed_setting_is_one_line_without_its_value(name, value):
    with pytest.raises(InvalidSettings) as refused:
        read({"JWT_SECRET": SECRET, name: value})
    (line,) = refused.value.lines
    assert line.startswith(f"{name}: ")
    assert "\n" not in line
    assert not [part for part in value.split(",") if len(part) > 7 and part in line]
    assert "hunter22" not in line


@pytest.mark.parametrize(
    ("given", "origin"),
    [("https://App.example.com:443", "https://app.example.com"), ("http://localhost:80", "http://localhost")],
)
def test_origin_is_normalized_as_in_browsers(given, origin):
    assert read(BASE | {"CORS_ORIGINS": given}).cors_origins == (origin,)


@pytest.mark.parametrize(
    ("more", "warned"), [({}, True), ({"REDIS_URL": "redis://r"}, False), ({"RATE_LIMIT_ENABLED": "no"}, False)]
)
def test_workers_with_separate_counters_are_a_warning(monkeypatch, more, warned):
    postgres = {"DATABASE_URL": "postgresql://u:p@db/n", **more}
    assert read(BASE | postgres).warnings == ()
    monkeypatch.setenv("WEB_CONCURRENCY", "2")
    assert any(line.startswith("REDIS_URL: ") for line in read(BASE | postgres).warnings) == warned


@pytest.mark.parametrize("days", ["1", "29", "-1", "36501", "a month"])
def test_audit_retention_is_at_least_a_month_or_unlimited(days):
    with pytest.raises(InvalidSettings, match=r"^AUDIT_RETENTION_DAYS: "):
        read(BASE | {"AUDIT_RETENTION_DAYS": days})


@pytest.mark.parametrize("days", ["0", "30", "365"])
def test_audit_retention_can_be_longer(days):
    assert read(BASE | {"AUDIT_RETENTION_DAYS": days}).audit_retention_days == int(days)


@pytest.mark.parametrize(
    "phrase", ["MyCompany!Login2024#" * 2, "acmecorp-production-key" * 2, "314159265358979323831" * 3]
)
def test_repeated_phrase_is_as_easy_to_guess_as_once(phrase):
    assert secret_strength.weakness(phrase) == "is easy to guess"


@pytest.mark.parametrize(
    "secret",
    [
        "1q2w3e4r5t6y7u8i9o0p1Q2W3E4R5T6Y7U8I9O0P",
        "1Qaz2Wsx3Edc4Rfv5Tgb6Yhn1qAZ2wSX3eDC4rFV",
        "ABCDEFGHIJKLMNOP2024q1w2e3r4t5y6u7i8o9p0",
        "Abcdefghijklmnopqrstuvwxyz-1QaZ2WsX3EdC4RfV5TgB6YhN",
        "QazWsxEdcrfvtgbYhnujm-Qwertyuiop-Asdfghjkl-1",
        "aF3kQ9zLm2Xw8TbR7vYp" * 3,
        "0123456789abcdef" * 4,
        "deadbeefcafe1234" * 4,
        "0a1b2c3d4e5f" * 6,
        "DragonMonkey1LetMeinSuPerman2BatmanMoNkeyQa",
    ],
)
def test_long_secret_of_mixed_characters_can_be_easy_to_guess(secret):
    assert secret_strength.weakness(secret) == "is easy to guess"


def test_random_secret_is_not_estimated(monkeypatch):
    estimated = []
    monkeypatch.setattr(secret_strength, "guesses", lambda value: estimated.append(value) or 30.0)
    for _ in range(200):
        assert secret_strength.weakness(base64.b64encode(secrets.token_bytes(48)).decode()) is None
        assert secret_strength.weakness(secrets.token_hex(32)) is None
    assert len(estimated) < 20


def test_public_url_follows_the_port_in_development():
    found = read(BASE | {"PORT": "8100"})
    assert (found.public_base_url, found.frontend_base_url) == ("http://localhost:8100", "http://localhost:8100")
    assert (
        read(BASE | {"PORT": "8100", "PUBLIC_BASE_URL": "https://id.example"}).public_base_url == "https://id.example"
    )
    with pytest.raises(InvalidSettings, match="PORT"):
        read(BASE | {"PORT": "70000"})


SERVICE_LINKS = {
    "REDIS_PORT": "tcp://10.0.0.11:6379",
    "DB_PORT": "tcp://10.0.0.12:5432",
    "POSTGRES_PORT": "tcp://[fd00::5]:5432",
    "SMTP_PORT": "tcp://10.0.0.13:587",
    "MAIL_PORT": "udp://10.0.0.13:25",
    "PORT": "tcp://10.0.0.14:80",
}


@pytest.mark.parametrize("name", SERVICE_LINKS)
@pytest.mark.parametrize("host", [{}, {"REDIS_HOST": "redis", "DB_HOST": "db"}], ids=["unused", "used"])
def test_service_links_of_kubernetes_are_ignored(name, host):
    assert read(BASE | host | {name: SERVICE_LINKS[name]}) == read(BASE | host)


@pytest.mark.parametrize(
    "unused",
    [
        {"REDIS_PORT": "many"},
        {"REDIS_PORT": "many", "REDIS_URL": "redis://r:6379/0", "REDIS_HOST": "x"},
        {"DB_PORT": "many", "DATABASE_URL": "sqlite:///./x.db", "DB_HOST": "x"},
        {"POSTGRES_PORT": "many"},
    ],
    ids=str,
)
def test_unused_part_is_not_validated(unused):
    read(BASE | unused)


@pytest.mark.parametrize(
    ("parts", "url"),
    [
        ({"REDIS_HOST": "r"}, "redis://r:6379/0"),
        ({"REDIS_HOST": "r", "REDIS_PASSWORD": "p@ss/w"}, "redis://:p%40ss%2Fw@r:6379/0"),
        ({"REDIS_HOST": "r", "REDIS_USERNAME": "me", "REDIS_PASSWORD": "x", "REDIS_DB": "3"}, "redis://me:x@r:6379/3"),
        ({"REDIS_HOST": "fd00::5", "REDIS_PORT": "6380"}, "redis://[fd00::5]:6380/0"),
    ],
    ids=str,
)
def test_redis_url_from_its_parts(parts, url):
    assert read(BASE | parts).redis_url == url


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("LOG_LEVEL", "info", "INFO"),
        ("LOG_LEVEL", "Warning", "WARNING"),
        ("SMTP_SECURITY", "TLS", "tls"),
        ("SMTP_SECURITY", "StartTLS", "starttls"),
        ("ALGORITHM", "rs256", "RS256"),
        ("ALGORITHM", "eddsa", "EdDSA"),
        ("ALGORITHM", "RS256 ", "RS256"),
        ("EMAIL_VERIFICATION", "Required", "required"),
        ("EMAIL_VERIFICATION", "off\r", "off"),
        ("LOG_FORMAT", "\tJSON ", "json"),
        ("ENVIRONMENT", "Development", "development"),
        ("SMTP_PORT", " 2525 ", 2525),
        ("DEBUG", "TRUE ", True),
        ("CORS_ORIGINS", '["https://a.example", "https://b.example"]', ("https://a.example", "https://b.example")),
        ("CORS_ORIGINS", "capacitor://localhost,https://a.example", ("capacitor://localhost", "https://a.example")),
        ("CORS_ORIGINS", "ionic://localhost", ("ionic://localhost",)),
        ("CORS_ORIGINS", "chrome-extension://abcdefghijklmnop", ("chrome-extension://abcdefghijklmnop",)),
        ("CORS_ORIGINS", "moz-extension://9a1b-2c", ("moz-extension://9a1b-2c",)),
        ("CORS_ORIGINS", "tauri://localhost", ("tauri://localhost",)),
        ("CORS_ORIGINS", "App://Obsidian.md", ("app://obsidian.md",)),
        ("CORS_ORIGINS", "https://Bücher.example:8443", ("https://xn--bcher-kva.example:8443",)),
        ("FRONTEND_BASE_URL", "https://bücher.example/shop/", "https://xn--bcher-kva.example/shop"),
        ("FRONTEND_BASE_URL", "http://web_app:3000", "http://web_app:3000"),
        ("FRONTEND_BASE_URL", "http://[::1]:3000", "http://[::1]:3000"),
        ("OAUTH_REDIRECT_URIS", "https://bücher.example/in?a=b", ("https://xn--bcher-kva.example/in?a=b",)),
        ("OAUTH_REDIRECT_URIS", "https://App.example:443/in?", ("https://App.example:443/in?",)),
        ("OAUTH_REDIRECT_URIS", "myapp://in?from=mail", ("myapp://in?from=mail",)),
        ("PUBLIC_BASE_URL", "http://[fe80::1%br-1]:8000", "http://[fe80::1%br-1]:8000"),
        (
            "PUBLIC_BASE_URL",
            "http://auth.identity.svc.cluster.local.:8000",
            "http://auth.identity.svc.cluster.local.:8000",
        ),
        ("TRUSTED_PROXIES", "::ffff:10.0.0.0/104,::ffff:127.0.0.1", ("10.0.0.0/8", "127.0.0.1/32")),
        ("SMTP_HOST", "2001:db8::1", "2001:db8::1"),
        ("SMTP_HOST", "mail_server", "mail_server"),
        ("REDIS_URL", "redis://localhost", "redis://localhost"),
        ("REDIS_URL", "redis://localhost:6379/1/", "redis://localhost:6379/1/"),
        ("REDIS_URL", "redis://localhost?db=2", "redis://localhost?db=2"),
        ("SMTP_HOST", "smtp.bücher.example", "smtp.xn--bcher-kva.example"),
        ("REDIS_URL", "unix:///run/redis.sock?db=1", "unix:///run/redis.sock?db=1"),
        ("DIALECTS", "None", ()),
        ("CORS_HEADERS", "x-one, X-Two", ("x-one", "X-Two")),
        ("MAIL_FROM", " noreply@example.com", "noreply@example.com"),
        ("MAIL_FROM", "noreply@bücher.example", "noreply@xn--bcher-kva.example"),
    ],
)
def test_value_can_be_written_in_these_forms_too(name, value, expected):
    assert getattr(read(BASE | {name: value}), name.lower()) == expected


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MAIL_FROM", "App <a@b.c>", "MAIL_FROM_NAME"),
        ("MAIL_FROM", "büro@example.com", "must contain only ASCII"),
        ("CORS_ORIGINS", '["https://a.example"', "comma-separated"),
        ("CORS_ORIGINS", "null", "origins"),
        ("CORS_ORIGINS", "file://x", "origins"),
        ("CORS_ORIGINS", "javascript://x", "origins"),
        ("CORS_ORIGINS", "htps://app.example.com", "origins"),
        ("CORS_ORIGINS", "capacitor://", "origins"),
        ("CORS_ORIGINS", "capacitor://localhost/path", "origins"),
        ("CORS_ORIGINS", "capacitor://*", "origins"),
        ("CORS_HEADERS", "a b", "name of a header"),
        ("SMTP_PORT", "many", "whole number"),
        ("SMTP_PORT", "70000", "at most 65535"),
        ("BCRYPT_ROUNDS", "2", "at least"),
        ("DEBUG", "perhaps", "true or false"),
        ("LOG_LEVEL", "loud", "one of DEBUG, INFO, WARNING or ERROR"),
        ("SMTP_SECURITY", "ssl", "one of auto, tls, starttls or none"),
        ("FORWARDED_HEADER", "a b", "name of a header"),
        ("CAPTCHA_SITE_KEY", "a b", "letters, digits"),
        ("APP_NAME", "two\nlines", "one line"),
        ("APP_NAME", "a" * 65, "at most 64 characters"),
        ("TOTP_ISSUER", "a:b", "colon"),
        ("SUPERUSER_USER_ID", "a b", "without spaces"),
        ("DIALECTS", "Storyapp", "all, none, or some of storyapp"),
        ("SMTP_HOST", "https://smtp.example.com", "SMTP_PORT"),
        ("SMTP_HOST", "smtp.example.com:587", "SMTP_PORT"),
        ("SMTP_HOST", "cafe:587", "SMTP_PORT"),
        ("SMTP_HOST", "smtp host", "SMTP_PORT"),
        ("REDIS_URL", "redis://localhost/abc", "redis://localhost:6379/0"),
        ("REDIS_URL", "redis://localhost/0/1", "redis://localhost:6379/0"),
        ("REDIS_URL", "redis://localhost/-1", "redis://localhost:6379/0"),
        ("PUBLIC_BASE_URL", "https://a b.example", "without spaces"),
        ("PUBLIC_BASE_URL", "https://-", "valid host name"),
        ("PUBLIC_BASE_URL", "https://a..example", "valid host name"),
        ("PUBLIC_BASE_URL", "https://a..de", "valid host name"),
        ("PUBLIC_BASE_URL", "https://" + "a" * 64 + ".example", "valid host name"),
        ("SMS_URL", "https://a b", "http:// or https:// URL"),
        ("SMTP_HOST", "smtp..example", "SMTP_PORT"),
        ("PUBLIC_BASE_URL", "https://" + "a" * 64 + "ü.example", "valid host name"),
        ("FRONTEND_BASE_URL", "https://*.example.com", "valid host name"),
        ("FRONTEND_BASE_URL", "https://app.example/x\ty", "without spaces"),
        ("CORS_ORIGINS", "https://a<b>.example", "origins"),
        ("OAUTH_REDIRECT_URIS", "https://a.example/in?code=1", "without the parameters code"),
        ("OAUTH_REDIRECT_URIS", "https://a.example/in?linked", "without the parameters code"),
        ("OAUTH_REDIRECT_URIS", "https://a.example/a b", "exact URLs"),
        ("OAUTH_REDIRECT_URIS", "myapp://a b", "exact URLs"),
        ("OAUTH_REDIRECT_URIS", "myapp://in?code=1", "without the parameters code"),
        ("OAUTH_REDIRECT_URIS", "https://a.example/ü", "in ASCII"),
        ("OAUTH_REDIRECT_URIS", "https://a.example/{id}", "exact URLs"),
        ("TRUSTED_PROXIES", "fe80::1%eth0", "networks"),
    ],
)
def test_error_says_what_to_write_instead(name, value, told):
    with pytest.raises(InvalidSettings) as refused:
        read(BASE | {name: value})
    (line,) = refused.value.lines
    assert line.startswith(f"{name}: must ")
    assert told in line


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"A=1\n", {"A": "1"}),
        (b"\xef\xbb\xbfA=1\r\n", {"A": "1"}),
        ("A=ü\nB=2".encode("utf-16"), {"A": "ü", "B": "2"}),
        ("A=1".encode("utf-16-be").join([b"\xfe\xff", b""]), {"A": "1"}),
        (b"# a comment\n\n  \nexport A='x y'\nB=\nC=\"1#2\" # three\n", {"A": "x y", "B": "", "C": "1#2"}),
        (b"", {}),
    ],
)
def test_env_file_is_read_in_its_encoding(tmp_path, content, expected):
    (tmp_path / ".env").write_bytes(content)
    assert env_file.read(str(tmp_path / ".env")) == expected


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("A=ü".encode("latin-1"), "is not UTF-8 text; save it as UTF-8"),
        ("A=1".encode("utf-16-le"), "is not UTF-8 text; save it as UTF-8"),
        ("A=1".encode("utf-32"), "is not UTF-8 text; save it as UTF-8"),
        (b"A=1\nKEY: value\n", "line 2 cannot be read; write NAME=value"),
        (b"A\n", "line 1 cannot be read; write NAME=value"),
        (b"A=1\n'B\nC=3\n", "line 2 cannot be read; write NAME=value"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is not UTF-8 text; save it as UTF-8"),
    ],
)
def test_unreadable_env_file_stops_startup_with_one_line(tmp_path, content, told):
    path = tmp_path / ".env"
    path.write_bytes(content)
    with pytest.raises(InvalidSettings) as refused:
        env_file.read(str(path))
    assert refused.value.lines == (f"{path}: {told}",)


def test_sender_without_a_host_name_is_an_ip_address(configure):
    assert read(BASE | {"PUBLIC_BASE_URL": "http://[::1]:8215"}).mail_from == "noreply@[IPv6:::1]"
    assert read(BASE | {"PUBLIC_BASE_URL": "http://127.0.0.1:8215"}).mail_from == "noreply@127.0.0.1"


def test_a_file_that_is_named_must_be_there(tmp_path):
    with pytest.raises(InvalidSettings, match="does not exist"):
        env_file.read(str(tmp_path / "prodd.env"), is_required=True)
    assert env_file.read(str(tmp_path / "prodd.env")) == {}


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({}, "off"),
        ({"EMAIL_VERIFICATION": "optional"}, "on"),
        ({"EMAIL_VERIFICATION": "required"}, "on"),
        ({"MAGIC_LINK": "on"}, "on"),
        ({"EMAIL_VERIFICATION": "required", "MAGIC_LINK": "off"}, "off"),
    ],
)
def test_login_by_email_is_on_where_addresses_are_verified(given, state):
    assert read(BASE | given).magic_link == state


def test_optional_password_without_login_by_email_warns():
    given = {"EMAIL_VERIFICATION": "required", "MAGIC_LINK": "off", "PASSWORD_OPTIONAL": "true"}
    assert read(BASE | given).warnings[-1].startswith("PASSWORD_OPTIONAL: has no effect; set MAGIC_LINK=on")
    given = {"EMAIL_VERIFICATION": "off", "PASSWORD_OPTIONAL": "true"}
    assert read(BASE | given).warnings[-1].startswith("PASSWORD_OPTIONAL: allows only sign-ups with a passkey")
    assert read(BASE | given | {"MAGIC_LINK": "on"}).warnings == ()
