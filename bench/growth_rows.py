"""The rows of the benchmark of growth: for each account, and in proportion to the number of accounts.

Ids and email addresses are in the order of their numbers, as UUIDv7 and sequences are. One per cent of the rows that cleanup
deletes is due.
"""

ID = "lpad(to_hex(n), 8, '0') || '-0000-7000-8000-' || substr(md5(n::text), 1, 12)"
ADDRESS = "'person' || lpad(n::text, 8, '0') || '@example.com'"
AGE = "now() - (n * 1.0 / %(last)s) * interval '{} days'"  # the highest number is the oldest
DUE = "CASE WHEN n %% 100 = 0 THEN now() - interval '1 hour' ELSE now() + interval '5 days' END"
# Few are new today, as in a service whose users signed up over years.
ACTION = """CASE WHEN n > %(last)s * 0.9 THEN 'user.imported' WHEN n %% 20 = 1 THEN 'user.login_failed'
 WHEN n %% 20 = 2 THEN 'user.signed_up' WHEN n %% 1000000 = 3 THEN 'role.created' ELSE 'user.logged_in' END"""

# The table, how many accounts have one row, its columns, and their values for the number n of the row.
ROWS: list[tuple[str, int, str, str]] = [
    (
        "users",
        1,
        "id, user_id, email, canonical_email, username, folded_username, hashed_password, is_active, is_verified,"
        " marked_verified_at, created_at, updated_at",
        f"n, {ID}, {ADDRESS}, {ADDRESS}, 'Person ' || lpad(n::text, 8, '0'), 'person ' || lpad(n::text, 8, '0'),"
        f" %(hash)s, (n < %(last)s - 400 OR n >= %(last)s - 300), n %% 100000 <> 99999, now(), {AGE.format(2000)}, now()",
    ),
    ("user_roles", 1, "account_id, role", "n, 'user'"),
    ("known_networks", 1, "account_id, network, last_used_at", f"n, '127.0.0.0/24', {AGE.format(91)}"),
    (
        "sessions",
        1,
        "id, account_id, refresh_counter, ip, user_agent, created_at, last_used_at, expires_at, ends_at",
        f"{ID}, n, 0, '127.0.0.1', 'bench', now(), now(), {DUE}, now() + interval '90 days'",
    ),
    (
        "audit_events",
        1,
        "id, at, action, actor_id, user_id, ip, user_agent, detail",
        f"%(last)s + 1 - n, {AGE.format(369)}, {ACTION}, {ID}, {ID}, '127.0.0.1', 'bench', '{{}}'",
    ),
    (
        "events",
        2,
        "id, event_id, type, user_id, created_at, data, position",
        f"%(last)s + 1 - n, {ID}, 'user.logged_in', {ID}, {AGE.format(30.3)}, json_build_object('user',"
        f" json_build_object('user_id', {ID}, 'email', {ADDRESS}, 'roles', '[]'::json)), %(last)s + 1 - n",
    ),
    (
        "webhook_deliveries",
        10,
        "endpoint_id, event_key, event_id, type, created_at, queued_at, due_at, attempts, sent_at, gave_up_at",
        f"1, CASE WHEN n %% 100 > 0 THEN n END, {ID}, 'user.logged_in', {AGE.format(31)}, now(), now(), 1,"
        " CASE WHEN n %% 1000 > 0 THEN now() END, CASE WHEN n %% 1000 = 0 THEN now() END",
    ),
    (
        "outbox",
        10,
        "account_id, template, priority, recipient, context, created_at, queued_at, due_at, attempts, sent_at, gave_up_at",
        f"n, 'new_network', 1, {ADDRESS}, '{{}}', now(), now(), now(), 1,"
        f" CASE WHEN n %% 100 > 0 THEN {AGE.format(7.07)} END, CASE WHEN n %% 100 = 0 THEN {AGE.format(30.3)} END",
    ),
    (
        "guesses",
        5,
        "subject, place, failures, total, has_account, locked, pending, tried_at, waits_until",
        "md5(n::text) || md5(n::text), 'elsewhere', (n %% 100 = 1)::int, (n %% 50 > 0)::int, n %% 50 <> 2, false, 0,"
        " now() - interval '40 days', now()",
    ),
    (
        "one_time_tokens",
        20,
        "id, account_id, purpose, sent_to, created_at, expires_at, wrong_codes",
        f"{ID}, n, 'reset_password', {ADDRESS}, now(), {DUE}, 0",
    ),
    (
        "oauth_users",
        5,
        "provider, issuer, subject, account_id, created_at",
        "'google', 'https://accounts.example', n, n, now()",
    ),
    ("notice_budgets", 20, "recipient, times, expires_at", f"md5(n::text) || md5(n::text), '[]', {DUE}"),
    ("pending_sign_ups", 50, "account_id, hashed_password, expires_at", f"n, %(hash)s, {DUE}"),
    ("oauth_used_states", 50, "id, expires_at", f"{ID}, {DUE}"),
    (
        "trusted_devices",
        20,
        "id, account_id, counter, user_agent, created_at, last_used_at, expires_at",
        f"{ID}, n, 0, 'bench', now(), now(), {DUE}",
    ),
    (
        "api_keys",
        50,
        "id, account_id, name, prefix, key_hash, scopes, created_at, expires_at",
        f"{ID}, n, 'bench', 'bench', md5(n::text), '', now(), CASE WHEN n %% 100 < 2 THEN {DUE} END",
    ),
    (
        "text_messages",
        50,
        "account_id, recipient, code_id, priority, created_at, queued_at, due_at, attempts, sent_at, gave_up_at",
        f"n, '+4412345678', {ID}, 0, {AGE.format(31)}, now(), now(), 1, CASE WHEN n %% 100 > 0 THEN {AGE.format(1.01)} END,"
        " CASE WHEN n %% 100 = 0 THEN now() END",
    ),
    (
        "oauth_sessions",
        20,
        "id, client_pk, account_id, scopes, resources, refresh_counter, created_at, last_used_at, expires_at, ends_at",
        f"{ID}, 'bench', n, 'openid', '[]', 0, now(), now(), {DUE}, now() + interval '90 days'",
    ),
    (
        "oauth_grants",
        20,
        "id, account_id, client_pk, scopes, resources, created_at, updated_at",
        f"{ID}, n, 'bench', 'openid', '[]', now(), now()",
    ),
    ("oauth_used_proofs", 50, "id, expires_at", f"{ID}, {DUE}"),
    (
        "oauth_logout_notices",
        50,
        "client_pk, subject, sid, priority, queued_at, due_at, attempts, sent_at, gave_up_at",
        f"'bench', {ID}, {ID}, 0, now(), now(), 1, CASE WHEN n %% 100 > 0 THEN {AGE.format(7.07)} END,"
        f" CASE WHEN n %% 100 = 0 THEN {AGE.format(7.07)} END",
    ),
    (
        "analytics_hits",
        20,
        "name, params, client_id, priority, queued_at, due_at, attempts, sent_at",
        f"'login', '{{}}', {ID}, 0, {AGE.format(7)}, now(), 1, CASE WHEN n %% 10 > 0 THEN {AGE.format(1.01)} END",
    ),
    (
        "revocations",
        50,
        "session_id, account_id, ended_at, position",
        f"{ID}, n, {AGE.format(0.08)}, extract(epoch FROM {AGE.format(0.08)}) * 1000",
    ),
]
FIRST = """
UPDATE user_roles SET account_id = 0;
UPDATE users SET id = 0;
TRUNCATE audit_events, events, webhook_deliveries, daily_counts, counted_days;
INSERT INTO user_roles (account_id, role) SELECT n, 'admin' FROM generate_series(200, 299) AS n;
INSERT INTO webhook_endpoints (id, url, events, description, is_active, sealed_secret, created_at)
VALUES (1, 'https://example.com/', '["role.*"]', '', false, '', now());
INSERT INTO oauth_clients (id, client_id, client_hash, origin, name, type, token_endpoint_auth_method, redirect_uris,
 post_logout_redirect_uris, grant_types, scopes, resources, id_token_signed_response_alg, subject_type, sector, created_at, updated_at)
VALUES ('bench', 'bench', 'bench', 'admin', 'bench', 'confidential', 'none', '[]', '[]', '[]', '[]', '[]', 'RS256', 'public', '', now(), now());
INSERT INTO daily_counts (day, step, reason, number) SELECT current_date - n, 'login.succeeded', '', 1 FROM generate_series(0, 91) AS n;
"""
LAST = """
DELETE FROM account_tallies;
INSERT INTO account_tallies (users, active, verified)
SELECT count(*), count(*) FILTER (WHERE is_active), count(*) FILTER (WHERE is_verified) FROM users;
DELETE FROM event_sequence;
INSERT INTO event_sequence (id, last, expired_to, at) SELECT 1, max(position), 0, now() FROM events;
"""
SEQUENCES = """
SELECT format('SELECT setval(%L, coalesce(max(%I), 0) + 1) FROM %I', sequence, column_name, table_name)
FROM (SELECT *, pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence FROM information_schema.columns
 WHERE table_schema = 'public') AS columns WHERE sequence IS NOT NULL
"""
