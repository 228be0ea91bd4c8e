// Written by `make clients` from the OpenAPI document: change that.

export type ClientOptions = {
    baseUrl: `${string}://${string}` | (string & {});
};

/**
 * AccountEvent
 *
 * An event about an account.
 */
export type AccountEvent = {
    /**
     * Id
     *
     * Identical in the feed and the webhooks.
     */
    id: string;
    /**
     * Type
     *
     * docs/events.md lists all types.
     */
    type: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Data
     *
     * `user` as `GET /internal/users/{user_id}` returned it after the change, `actor_id` and `detail` as in the audit log. Of a deleted account, `user` has only its `user_id`, and the other fields are missing.
     */
    data: {
        [key: string]: unknown;
    };
};

/**
 * ApiKeyChange
 */
export type ApiKeyChange = {
    /**
     * Rate Limit
     *
     * The key's own rate limit, such as `100/minute`. Null: `RATE_LIMIT_API_KEY`.
     */
    rate_limit: string | null;
};

/**
 * ApiKey
 *
 * An API key, without the key itself.
 */
export type ApiKeyOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Prefix
     *
     * The first characters of the key.
     */
    prefix: string;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Allowed Ips
     */
    allowed_ips: Array<string>;
    /**
     * Rate Limit
     *
     * Null: `RATE_LIMIT_API_KEY`.
     */
    rate_limit: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     *
     * Accurate to a minute.
     */
    last_used_at: string | null;
    /**
     * Expires At
     */
    expires_at: string | null;
};

/**
 * ApiKeyRotation
 *
 * How long the old key remains valid, and proof that the request comes from the owner.
 */
export type ApiKeyRotation = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Overlap Seconds
     */
    overlap_seconds?: number;
};

/**
 * ApiKeys
 */
export type ApiKeys = {
    /**
     * Items
     */
    items: Array<ApiKeyOut>;
};

/**
 * AuthenticatorResponse
 *
 * The response of the authenticator: that of `create()` has `attestationObject`, that of `get()` the others.
 */
export type AuthenticatorResponse = {
    /**
     * Clientdatajson
     */
    clientDataJSON?: string;
    /**
     * Attestationobject
     */
    attestationObject?: string | null;
    /**
     * Authenticatordata
     */
    authenticatorData?: string | null;
    /**
     * Signature
     */
    signature?: string | null;
    /**
     * Userhandle
     */
    userHandle?: string | null;
    /**
     * Transports
     */
    transports?: Array<string> | null;
};

/**
 * AuthorizationUrl
 */
export type AuthorizationUrl = {
    /**
     * Authorization Url
     *
     * Redirect the browser to this URL.
     */
    authorization_url: string;
};

/**
 * BearerToken
 */
export type BearerToken = {
    /**
     * Access Token
     *
     * Not in the body if it is set as a cookie.
     */
    access_token?: string | null;
    /**
     * Token Type
     */
    token_type?: string;
    /**
     * Expires In
     *
     * Seconds until the access token expires.
     */
    expires_in: number;
};

/**
 * CeremonyOptions
 *
 * The options for `navigator.credentials`, in the format of `PublicKeyCredential.parse…OptionsFromJSON()`.
 */
export type CeremonyOptions = {
    /**
     * Ceremony
     *
     * A single-use token, to send with the credential within five minutes.
     */
    ceremony: string;
    /**
     * Options
     */
    options: {
        [key: string]: unknown;
    };
};

/**
 * Challenge
 *
 * A proof of work: find the number for which SHA-256 of the salt followed by the number is the challenge.
 */
export type Challenge = {
    /**
     * Algorithm
     */
    algorithm?: 'SHA-256';
    /**
     * Challenge
     *
     * The hash to find, in hexadecimal.
     */
    challenge: string;
    /**
     * Maxnumber
     *
     * The number is at most this.
     */
    maxnumber?: number;
    /**
     * Salt
     *
     * The beginning of the hashed text. It contains when the challenge expires.
     */
    salt: string;
    /**
     * Signature
     *
     * Identifies the challenge as one of this service.
     */
    signature: string;
};

/**
 * ChangeEmail
 */
export type ChangeEmail = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * New Email
     */
    new_email: string;
};

/**
 * ChangePassword
 */
export type ChangePassword = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Old Password
     */
    old_password: string;
    /**
     * New Password
     */
    new_password: string;
};

/**
 * ClientChange
 */
export type ClientChange = {
    /**
     * Name
     */
    name?: string;
    /**
     * Logo Uri
     */
    logo_uri?: string | null;
    /**
     * Type
     */
    type?: 'public' | 'confidential';
    /**
     * Redirect Uris
     */
    redirect_uris?: Array<string>;
    /**
     * Post Logout Redirect Uris
     */
    post_logout_redirect_uris?: Array<string>;
    /**
     * Grant Types
     */
    grant_types?: Array<'authorization_code' | 'refresh_token' | 'client_credentials' | 'urn:ietf:params:oauth:grant-type:device_code'>;
    /**
     * Scopes
     */
    scopes?: Array<string>;
    /**
     * Resources
     */
    resources?: Array<string>;
    /**
     * Resource Identifier
     */
    resource_identifier?: string | null;
    /**
     * Token Endpoint Auth Method
     */
    token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | null;
    /**
     * Jwks
     */
    jwks?: {
        [key: string]: unknown;
    } | null;
    /**
     * Jwks Uri
     */
    jwks_uri?: string | null;
    /**
     * Id Token Signed Response Alg
     */
    id_token_signed_response_alg?: 'RS256' | 'ES256' | 'EdDSA';
    /**
     * Subject Type
     */
    subject_type?: 'public' | 'pairwise' | null;
    /**
     * First Party
     */
    first_party?: boolean;
    /**
     * Require Dpop
     */
    require_dpop?: boolean;
    /**
     * Require Par
     */
    require_par?: boolean;
    /**
     * Access Token Lifetime
     */
    access_token_lifetime?: number | null;
    /**
     * Backchannel Logout Uri
     */
    backchannel_logout_uri?: string | null;
};

/**
 * ClientFields
 *
 * What an administrator decides about a client.
 */
export type ClientFields = {
    /**
     * Name
     */
    name: string;
    /**
     * Logo Uri
     *
     * Shown on the consent page, and never requested by the service.
     */
    logo_uri?: string | null;
    /**
     * Type
     *
     * `public` for an application that cannot keep a secret, such as one in a browser.
     */
    type?: 'public' | 'confidential';
    /**
     * Redirect Uris
     *
     * Compared exactly, except for the port of a loopback address.
     */
    redirect_uris?: Array<string>;
    /**
     * Post Logout Redirect Uris
     */
    post_logout_redirect_uris?: Array<string>;
    /**
     * Grant Types
     */
    grant_types?: Array<'authorization_code' | 'refresh_token' | 'client_credentials' | 'urn:ietf:params:oauth:grant-type:device_code'>;
    /**
     * Scopes
     *
     * What it may request; also what it gets without `scope`.
     */
    scopes?: Array<string>;
    /**
     * Resources
     *
     * The APIs for which it may request access tokens.
     */
    resources?: Array<string>;
    /**
     * Resource Identifier
     *
     * If it is an API: the audience of the tokens that it may introspect.
     */
    resource_identifier?: string | null;
    /**
     * Token Endpoint Auth Method
     *
     * By default `none` for a public client, else `client_secret_basic`.
     */
    token_endpoint_auth_method?: 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | null;
    /**
     * Jwks
     *
     * The public keys of `private_key_jwt`.
     */
    jwks?: {
        [key: string]: unknown;
    } | null;
    /**
     * Jwks Uri
     *
     * Or their URL.
     */
    jwks_uri?: string | null;
    /**
     * Id Token Signed Response Alg
     */
    id_token_signed_response_alg?: 'RS256' | 'ES256' | 'EdDSA';
    /**
     * Subject Type
     *
     * By default `SUBJECT_TYPE`.
     */
    subject_type?: 'public' | 'pairwise' | null;
    /**
     * First Party
     *
     * Whether users are not asked for consent.
     */
    first_party?: boolean;
    /**
     * Require Dpop
     *
     * Whether its tokens must be bound to a key (RFC 9449).
     */
    require_dpop?: boolean;
    /**
     * Require Par
     *
     * Whether it must push its authorization requests (RFC 9126).
     */
    require_par?: boolean;
    /**
     * Access Token Lifetime
     *
     * In seconds. By default `ACCESS_TOKEN_EXPIRE_MINUTES`.
     */
    access_token_lifetime?: number | null;
    /**
     * Backchannel Logout Uri
     *
     * Where logout tokens are sent (OpenID Connect Back-Channel Logout).
     */
    backchannel_logout_uri?: string | null;
};

/**
 * OAuthClient
 *
 * A client, without its secret.
 */
export type ClientOut = {
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Logo Uri
     */
    logo_uri: string | null;
    /**
     * Type
     */
    type: string;
    /**
     * Redirect Uris
     */
    redirect_uris: Array<string>;
    /**
     * Post Logout Redirect Uris
     */
    post_logout_redirect_uris: Array<string>;
    /**
     * Grant Types
     */
    grant_types: Array<string>;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * Resource Identifier
     */
    resource_identifier: string | null;
    /**
     * Token Endpoint Auth Method
     */
    token_endpoint_auth_method: string;
    /**
     * Jwks
     */
    jwks: {
        [key: string]: unknown;
    } | null;
    /**
     * Jwks Uri
     */
    jwks_uri: string | null;
    /**
     * Id Token Signed Response Alg
     */
    id_token_signed_response_alg: string;
    /**
     * Subject Type
     */
    subject_type: string;
    /**
     * First Party
     */
    first_party: boolean;
    /**
     * Require Dpop
     */
    require_dpop: boolean;
    /**
     * Require Par
     */
    require_par: boolean;
    /**
     * Access Token Lifetime
     */
    access_token_lifetime: number | null;
    /**
     * Backchannel Logout Uri
     */
    backchannel_logout_uri: string | null;
    /**
     * Origin
     *
     * How it was registered: `admin`, `dynamic` or `metadata`.
     */
    origin: string;
    /**
     * Created By
     *
     * The `user_id` of the administrator who created it.
     */
    created_by: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    /**
     * Last Used At
     *
     * Accurate to a minute.
     */
    last_used_at: string | null;
};

/**
 * Clients
 */
export type Clients = {
    /**
     * Items
     */
    items: Array<ClientOut>;
    /**
     * Next Cursor
     *
     * Send it as `cursor` to get the next page. Null on the last page.
     */
    next_cursor: string | null;
};

/**
 * Configuration
 */
export type Configuration = {
    /**
     * Issuer
     */
    issuer: string;
    /**
     * Jwks Uri
     */
    jwks_uri: string;
    /**
     * Token Endpoint
     */
    token_endpoint: string;
    /**
     * Introspection Endpoint
     */
    introspection_endpoint: string;
    /**
     * Revocation Endpoint
     */
    revocation_endpoint: string;
    /**
     * Grant Types Supported
     */
    grant_types_supported?: Array<string>;
    /**
     * Response Types Supported
     */
    response_types_supported?: Array<string>;
    /**
     * Subject Types Supported
     */
    subject_types_supported?: Array<string>;
    /**
     * Token Endpoint Auth Methods Supported
     */
    token_endpoint_auth_methods_supported?: Array<string>;
    /**
     * Introspection Endpoint Auth Methods Supported
     */
    introspection_endpoint_auth_methods_supported?: Array<string>;
    /**
     * Revocation Endpoint Auth Methods Supported
     */
    revocation_endpoint_auth_methods_supported?: Array<string>;
    /**
     * Id Token Signing Alg Values Supported
     */
    id_token_signing_alg_values_supported: Array<string>;
    /**
     * Authorization Endpoint
     */
    authorization_endpoint?: string | null;
    /**
     * Userinfo Endpoint
     */
    userinfo_endpoint?: string | null;
    /**
     * End Session Endpoint
     */
    end_session_endpoint?: string | null;
    /**
     * Pushed Authorization Request Endpoint
     */
    pushed_authorization_request_endpoint?: string | null;
    /**
     * Device Authorization Endpoint
     */
    device_authorization_endpoint?: string | null;
    /**
     * Registration Endpoint
     */
    registration_endpoint?: string | null;
    /**
     * Scopes Supported
     */
    scopes_supported?: Array<string> | null;
    /**
     * Response Modes Supported
     */
    response_modes_supported?: Array<string> | null;
    /**
     * Userinfo Signing Alg Values Supported
     */
    userinfo_signing_alg_values_supported?: Array<string> | null;
    /**
     * Token Endpoint Auth Signing Alg Values Supported
     */
    token_endpoint_auth_signing_alg_values_supported?: Array<string> | null;
    /**
     * Introspection Endpoint Auth Signing Alg Values Supported
     */
    introspection_endpoint_auth_signing_alg_values_supported?: Array<string> | null;
    /**
     * Revocation Endpoint Auth Signing Alg Values Supported
     */
    revocation_endpoint_auth_signing_alg_values_supported?: Array<string> | null;
    /**
     * Dpop Signing Alg Values Supported
     */
    dpop_signing_alg_values_supported?: Array<string> | null;
    /**
     * Code Challenge Methods Supported
     */
    code_challenge_methods_supported?: Array<string> | null;
    /**
     * Claims Supported
     */
    claims_supported?: Array<string> | null;
    /**
     * Prompt Values Supported
     */
    prompt_values_supported?: Array<string> | null;
    /**
     * Acr Values Supported
     */
    acr_values_supported?: Array<string> | null;
    /**
     * Ui Locales Supported
     */
    ui_locales_supported?: Array<string> | null;
    /**
     * Authorization Response Iss Parameter Supported
     */
    authorization_response_iss_parameter_supported?: boolean | null;
    /**
     * Claims Parameter Supported
     */
    claims_parameter_supported?: boolean | null;
    /**
     * Request Parameter Supported
     */
    request_parameter_supported?: boolean | null;
    /**
     * Request Uri Parameter Supported
     */
    request_uri_parameter_supported?: boolean | null;
    /**
     * Client Id Metadata Document Supported
     */
    client_id_metadata_document_supported?: boolean | null;
    /**
     * Backchannel Logout Supported
     */
    backchannel_logout_supported?: boolean | null;
    /**
     * Backchannel Logout Session Supported
     */
    backchannel_logout_session_supported?: boolean | null;
};

/**
 * Confirmed
 *
 * A new factor, and the recovery codes that came with it.
 */
export type Confirmed = {
    factor: FactorOut;
    /**
     * Recovery Codes
     *
     * Ten codes, shown once, with the account's first factor; otherwise empty.
     */
    recovery_codes: Array<string>;
};

/**
 * CreatedApiKey
 */
export type CreatedApiKey = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Prefix
     *
     * The first characters of the key.
     */
    prefix: string;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Allowed Ips
     */
    allowed_ips: Array<string>;
    /**
     * Rate Limit
     *
     * Null: `RATE_LIMIT_API_KEY`.
     */
    rate_limit: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     *
     * Accurate to a minute.
     */
    last_used_at: string | null;
    /**
     * Expires At
     */
    expires_at: string | null;
    /**
     * Key
     *
     * The key. It is not shown again.
     */
    key: string;
};

/**
 * CreatedOAuthClient
 */
export type CreatedClient = {
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Logo Uri
     */
    logo_uri: string | null;
    /**
     * Type
     */
    type: string;
    /**
     * Redirect Uris
     */
    redirect_uris: Array<string>;
    /**
     * Post Logout Redirect Uris
     */
    post_logout_redirect_uris: Array<string>;
    /**
     * Grant Types
     */
    grant_types: Array<string>;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * Resource Identifier
     */
    resource_identifier: string | null;
    /**
     * Token Endpoint Auth Method
     */
    token_endpoint_auth_method: string;
    /**
     * Jwks
     */
    jwks: {
        [key: string]: unknown;
    } | null;
    /**
     * Jwks Uri
     */
    jwks_uri: string | null;
    /**
     * Id Token Signed Response Alg
     */
    id_token_signed_response_alg: string;
    /**
     * Subject Type
     */
    subject_type: string;
    /**
     * First Party
     */
    first_party: boolean;
    /**
     * Require Dpop
     */
    require_dpop: boolean;
    /**
     * Require Par
     */
    require_par: boolean;
    /**
     * Access Token Lifetime
     */
    access_token_lifetime: number | null;
    /**
     * Backchannel Logout Uri
     */
    backchannel_logout_uri: string | null;
    /**
     * Origin
     *
     * How it was registered: `admin`, `dynamic` or `metadata`.
     */
    origin: string;
    /**
     * Created By
     *
     * The `user_id` of the administrator who created it.
     */
    created_by: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    /**
     * Last Used At
     *
     * Accurate to a minute.
     */
    last_used_at: string | null;
    /**
     * Client Secret
     *
     * The secret, if the client has one. It is not shown again.
     */
    client_secret?: string | null;
};

/**
 * CreatedWebhook
 */
export type CreatedWebhook = {
    /**
     * Secret
     *
     * Verifies the signatures of requests (Standard Webhooks). It is not shown again.
     */
    secret: string;
    /**
     * Id
     */
    id: number;
    /**
     * Url
     */
    url: string;
    /**
     * Events
     */
    events: Array<string>;
    /**
     * Description
     */
    description: string;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Created At
     */
    created_at: string;
    health: WebhookHealth;
};

/**
 * CredentialProperties
 */
export type CredentialProperties = {
    /**
     * Rk
     */
    rk?: boolean | null;
};

/**
 * DayCount
 */
export type DayCount = {
    /**
     * Date
     */
    date: string;
    /**
     * Count
     */
    count: number;
};

/**
 * Device
 */
export type Device = {
    /**
     * Id
     */
    id: string;
    /**
     * User Agent
     */
    user_agent: string;
    /**
     * Device
     *
     * Name of the browser and system.
     */
    device: string;
    /**
     * Ip
     */
    ip: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string;
    /**
     * Expires At
     */
    expires_at: string;
    /**
     * Auth Time
     *
     * When the user last authenticated, in Unix time.
     */
    auth_time: number;
    /**
     * Acr
     *
     * `aal2` after two factors or a verified passkey, else `aal1`.
     */
    acr: string;
    /**
     * Amr
     *
     * How the user authenticated (RFC 8176).
     */
    amr: Array<string>;
    /**
     * Current
     *
     * Whether this is the session of the request.
     */
    current: boolean;
};

/**
 * DeviceAuthorization
 *
 * The response to a device that asks for access (RFC 8628, section 3.2).
 */
export type DeviceAuthorization = {
    /**
     * Device Code
     */
    device_code: string;
    /**
     * User Code
     */
    user_code: string;
    /**
     * Verification Uri
     */
    verification_uri: string;
    /**
     * Verification Uri Complete
     */
    verification_uri_complete: string;
    /**
     * Expires In
     */
    expires_in: number;
    /**
     * Interval
     */
    interval: number;
};

/**
 * EmailOnly
 */
export type EmailOnly = {
    /**
     * Email
     */
    email: string;
};

/**
 * EmailProof
 *
 * Either the token of the link, or the email address and the 6-digit code. An address must be the token's own.
 */
export type EmailProof = {
    /**
     * Token
     */
    token?: string | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Code
     */
    code?: string | null;
};

/**
 * EnrolledFactors
 */
export type EnrolledFactors = {
    /**
     * Enrolled
     *
     * Second factors and passkeys that were added.
     */
    enrolled: number;
};

/**
 * Event
 */
export type Event = {
    /**
     * Id
     */
    id: number;
    /**
     * At
     */
    at: string;
    /**
     * Action
     */
    action: string;
    /**
     * Actor Id
     *
     * The user who did it, if known.
     */
    actor_id: string | null;
    /**
     * User Id
     *
     * The affected user.
     */
    user_id: string | null;
    /**
     * Ip
     */
    ip: string | null;
    /**
     * User Agent
     */
    user_agent: string | null;
    /**
     * Detail
     */
    detail: {
        [key: string]: unknown;
    };
};

/**
 * EventPage
 */
export type EventPage = {
    /**
     * Items
     */
    items: Array<Event>;
    /**
     * Next Cursor
     *
     * Send it as `cursor` to get the next page. Null on the last page.
     */
    next_cursor: string | null;
};

/**
 * ExchangeCode
 */
export type ExchangeCode = {
    /**
     * Code
     */
    code: string;
    /**
     * Code Verifier
     *
     * The verifier, if the login started with a `code_challenge`.
     */
    code_verifier?: string | null;
    /**
     * Device Token
     *
     * The token of a trusted device, which skips the second factor.
     */
    device_token?: string | null;
};

/**
 * Export
 *
 * Everything stored about a user, by section.
 */
export type Export = {
    /**
     * Account
     */
    account: Array<HeldAccount>;
    /**
     * Roles
     */
    roles: Array<HeldRole>;
    /**
     * Mails
     */
    mails: Array<HeldMail>;
    /**
     * Pending Sign Ups
     *
     * The latest sign-up that awaits verification of this email address.
     */
    pending_sign_ups: Array<HeldSignUp>;
    /**
     * Open Links
     */
    open_links: Array<HeldLink>;
    /**
     * Sessions
     */
    sessions: Array<HeldSession>;
    /**
     * Known Networks
     *
     * Networks from which the account was used.
     */
    known_networks: Array<HeldNetwork>;
    /**
     * Identities
     *
     * The identities of the account at providers.
     */
    identities: Array<HeldIdentity>;
    /**
     * Factors
     *
     * The second factors and passkeys of the account, without their secrets.
     */
    factors: Array<HeldFactor>;
    /**
     * Recovery Codes
     */
    recovery_codes: Array<HeldRecoveryCode>;
    /**
     * Trusted Devices
     */
    trusted_devices: Array<HeldDevice>;
    /**
     * Factor Profiles
     *
     * When the factors are removed, after a request without one.
     */
    factor_profiles: Array<HeldProfile>;
    /**
     * Pending Logins
     *
     * Logins that wait for a second factor.
     */
    pending_logins: Array<HeldLogin>;
    /**
     * Text Messages
     */
    text_messages: Array<HeldTextMessage>;
    /**
     * Activity
     *
     * Events about the account.
     */
    activity: Array<Event>;
    /**
     * Acts
     *
     * Actions of the user on other users, with only the id of each.
     */
    acts: Array<Event>;
    /**
     * Api Keys
     *
     * The API keys of the account, without the keys themselves.
     */
    api_keys: Array<HeldApiKey>;
    /**
     * Events
     *
     * The events about the account that other services can read.
     */
    events: Array<HeldEvent>;
    /**
     * Oauth Grants
     *
     * What the user has granted to applications.
     */
    oauth_grants: Array<HeldGrant>;
    /**
     * Oauth Sessions
     *
     * The logins to applications that have not ended.
     */
    oauth_sessions: Array<HeldClientSession>;
    /**
     * Oauth Codes
     *
     * Logins to applications that have not been completed.
     */
    oauth_codes: Array<HeldCode>;
    /**
     * Oauth Devices
     *
     * Logins of devices that have not been completed.
     */
    oauth_devices: Array<HeldDeviceRequest>;
};

/**
 * ExtensionResults
 */
export type ExtensionResults = {
    credProps?: CredentialProperties | null;
};

/**
 * FactorId
 *
 * A factor that has to be confirmed.
 */
export type FactorId = {
    /**
     * Id
     */
    id: string;
};

/**
 * Factor
 *
 * A second factor, or a passkey.
 */
export type FactorOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Type
     */
    type: 'totp' | 'passkey' | 'sms';
    /**
     * Name
     */
    name: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * Factors
 *
 * The factors of an account.
 */
export type Factors = {
    /**
     * Items
     */
    items: Array<FactorOut>;
    /**
     * Recovery Codes Left
     */
    recovery_codes_left: number;
    /**
     * Mfa Required
     *
     * Whether `MFA_REQUIRED` covers the account.
     */
    mfa_required: boolean;
};

/**
 * FeedPage
 */
export type FeedPage = {
    /**
     * Items
     */
    items: Array<AccountEvent>;
    /**
     * Next Cursor
     *
     * Send it as `after` to get the events after these.
     */
    next_cursor: number;
    /**
     * Has More
     *
     * Whether there may be more events already. A page can be empty and still have more after it.
     */
    has_more: boolean;
};

/**
 * Funnel
 *
 * How often each step of a sign-up, login or password reset was reached.
 */
export type Funnel = {
    /**
     * Days
     *
     * The number of days, with today, in UTC.
     */
    days: number;
    sign_up: SignUpSteps;
    login: LoginSteps;
    reset: ResetSteps;
    factors: EnrolledFactors;
};

/**
 * OAuthGrant
 *
 * What the user has granted to an application.
 */
export type GrantOut = {
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Logo Uri
     */
    logo_uri: string | null;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * First Party
     *
     * Whether it belongs to this service, and needs no consent.
     */
    first_party: boolean;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * Grants
 */
export type Grants = {
    /**
     * Items
     */
    items: Array<GrantOut>;
};

/**
 * Health
 */
export type Health = {
    /**
     * Status
     */
    status: string;
};

/**
 * HeldAccount
 */
export type HeldAccount = {
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Canonical Email
     *
     * The email address in canonical form: lower case, with the domain in IDNA.
     */
    canonical_email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Locale
     *
     * The language of the user, a BCP 47 tag. Null if unknown.
     */
    locale: string | null;
    /**
     * Time Zone
     *
     * A name of the IANA time zone database. Null if unknown.
     */
    time_zone: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Terms Accepted At
     */
    terms_accepted_at: string | null;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Email Proven At
     */
    email_proven_at: string | null;
    /**
     * First Verified At
     *
     * When the owner first verified the current or an earlier email address of the account.
     */
    first_verified_at: string | null;
    /**
     * Marked Verified At
     *
     * When the email address was marked as verified by someone other than its owner.
     */
    marked_verified_at: string | null;
    /**
     * Password Breached
     *
     * Whether the password was found in a list of breached passwords.
     */
    password_breached: boolean;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
};

/**
 * HeldApiKey
 *
 * An API key in the data export.
 */
export type HeldApiKey = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Prefix
     */
    prefix: string;
    /**
     * Scopes
     */
    scopes: string;
    /**
     * Allowed Ips
     */
    allowed_ips: string | null;
    /**
     * Rate Limit
     */
    rate_limit: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Rotated At
     */
    rotated_at: string | null;
    /**
     * Last Used At
     */
    last_used_at: string | null;
    /**
     * Expires At
     */
    expires_at: string | null;
    /**
     * Reminded At
     */
    reminded_at: string | null;
};

/**
 * HeldClientSession
 *
 * A login to an application in the data export.
 */
export type HeldClientSession = {
    /**
     * Id
     */
    id: string;
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Scopes
     */
    scopes: string;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string;
    /**
     * Expires At
     */
    expires_at: string;
    /**
     * Ends At
     */
    ends_at: string;
};

/**
 * HeldCode
 *
 * An authorization code that was not exchanged yet in the data export, without the code itself.
 */
export type HeldCode = {
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Scopes
     */
    scopes: string;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * HeldDevice
 */
export type HeldDevice = {
    /**
     * Id
     */
    id: string;
    /**
     * User Agent
     */
    user_agent: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * HeldDeviceRequest
 *
 * A device that the user has allowed or declined and that has not yet continued, in the data export.
 */
export type HeldDeviceRequest = {
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Scopes
     */
    scopes: string;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * Ip
     */
    ip: string | null;
    /**
     * User Agent
     */
    user_agent: string | null;
    /**
     * Answer
     */
    answer: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * HeldEvent
 *
 * An event in the data export.
 */
export type HeldEvent = {
    /**
     * Event Id
     */
    event_id: string;
    /**
     * Type
     */
    type: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Data
     */
    data: {
        [key: string]: unknown;
    } | null;
};

/**
 * HeldFactor
 *
 * A factor in the data export.
 */
export type HeldFactor = {
    /**
     * Id
     */
    id: string;
    /**
     * Type
     */
    type: string;
    /**
     * Name
     */
    name: string;
    /**
     * Phone
     */
    phone: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * HeldGrant
 *
 * A grant in the data export.
 */
export type HeldGrant = {
    /**
     * Id
     */
    id: string;
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Scopes
     */
    scopes: string;
    /**
     * Resources
     */
    resources: Array<string>;
    /**
     * Consents
     *
     * The scopes that you allowed, by the API that they are for.
     */
    consents: {
        [key: string]: Array<string>;
    } | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * HeldIdentity
 */
export type HeldIdentity = {
    /**
     * Provider
     */
    provider: string;
    /**
     * Subject
     *
     * The id of the account at the provider.
     */
    subject: string;
    /**
     * Email
     */
    email: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * HeldLink
 */
export type HeldLink = {
    /**
     * Purpose
     */
    purpose: string;
    /**
     * Sent To
     */
    sent_to: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * HeldLogin
 */
export type HeldLogin = {
    /**
     * Method
     */
    method: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * HeldMail
 */
export type HeldMail = {
    /**
     * Template
     */
    template: string;
    /**
     * Recipient
     */
    recipient: string;
    /**
     * Context
     *
     * The values in the email, without links and codes.
     */
    context: {
        [key: string]: unknown;
    };
    /**
     * Locale
     *
     * The language of the user, a BCP 47 tag. Null if unknown.
     */
    locale: string | null;
    /**
     * Time Zone
     *
     * A name of the IANA time zone database. Null if unknown.
     */
    time_zone: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Sent At
     */
    sent_at: string | null;
    /**
     * Gave Up At
     */
    gave_up_at: string | null;
    /**
     * Attempts
     */
    attempts: number;
};

/**
 * HeldNetwork
 */
export type HeldNetwork = {
    /**
     * Network
     */
    network: string;
    /**
     * Last Used At
     */
    last_used_at?: string | null;
};

/**
 * HeldProfile
 */
export type HeldProfile = {
    /**
     * Removal Due At
     */
    removal_due_at: string | null;
};

/**
 * HeldRecoveryCode
 */
export type HeldRecoveryCode = {
    /**
     * Created At
     */
    created_at: string;
};

/**
 * HeldRole
 */
export type HeldRole = {
    /**
     * Role
     */
    role: string;
};

/**
 * HeldSession
 */
export type HeldSession = {
    /**
     * Id
     */
    id: string;
    /**
     * Ip
     */
    ip: string;
    /**
     * User Agent
     */
    user_agent: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string;
    /**
     * Expires At
     *
     * When the session ends, unless it is refreshed.
     */
    expires_at: string;
    /**
     * Ends At
     *
     * When the session ends, even if it is refreshed.
     */
    ends_at: string;
};

/**
 * HeldSignUp
 */
export type HeldSignUp = {
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * HeldTextMessage
 */
export type HeldTextMessage = {
    /**
     * Recipient
     */
    recipient: string;
    /**
     * Locale
     */
    locale: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Sent At
     */
    sent_at: string | null;
    /**
     * Gave Up At
     */
    gave_up_at: string | null;
};

/**
 * Identity
 *
 * The identity of an account at a provider.
 */
export type Identity = {
    /**
     * Provider
     */
    provider: string;
    /**
     * Email
     *
     * The email address at the provider when it was linked.
     */
    email: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string | null;
};

/**
 * Impersonate
 *
 * Why you impersonate the user. `password` is yours, and is optional if your login is recent.
 */
export type Impersonate = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Reason
     *
     * Recorded in the audit log.
     */
    reason: string;
};

/**
 * Introspection
 *
 * The state of a token (RFC 7662, section 2.2). An inactive token has no other fields.
 */
export type Introspection = {
    /**
     * Active
     */
    active: boolean;
    /**
     * Sub
     */
    sub?: string | null;
    /**
     * Username
     */
    username?: string | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Email Verified
     */
    email_verified?: boolean | null;
    /**
     * Roles
     */
    roles?: Array<string> | null;
    /**
     * Sid
     */
    sid?: string | null;
    /**
     * Jti
     */
    jti?: string | null;
    /**
     * Iss
     */
    iss?: string | null;
    /**
     * Aud
     */
    aud?: string | Array<string> | null;
    /**
     * Iat
     */
    iat?: number | null;
    /**
     * Exp
     */
    exp?: number | null;
    /**
     * Auth Time
     */
    auth_time?: number | null;
    /**
     * Acr
     */
    acr?: string | null;
    /**
     * Amr
     */
    amr?: Array<string> | null;
    /**
     * Acr Time
     *
     * When `aal2` was last reached, if the user has authenticated with one factor alone since.
     */
    acr_time?: number | null;
    /**
     * Act
     *
     * The administrator who impersonates the user, by `sub` (RFC 8693, section 4.1).
     */
    act?: {
        [key: string]: string;
    } | null;
    /**
     * Scope
     *
     * What an API key may do at this moment.
     */
    scope?: string | null;
    /**
     * Allowed Ips
     *
     * The networks from which an API key may be used, if they are limited.
     */
    allowed_ips?: Array<string> | null;
    /**
     * Token Type
     *
     * `Bearer`, `DPoP`, `refresh_token` or `api_key`.
     */
    token_type?: string | null;
    /**
     * Client Id
     *
     * The OAuth client of the token, if it has one.
     */
    client_id?: string | null;
    /**
     * Cnf
     *
     * The thumbprint of the key that the token is bound to (RFC 9449).
     */
    cnf?: {
        [key: string]: string;
    } | null;
};

/**
 * IntrospectionRequest
 *
 * The tokens to introspect: one as `token`, or up to 100 as `tokens`.
 */
export type IntrospectionRequest = {
    /**
     * Token
     */
    token?: string | null;
    /**
     * Tokens
     */
    tokens?: Array<string> | null;
};

/**
 * Introspections
 *
 * The state of each token, in the order of the request.
 */
export type Introspections = {
    /**
     * Items
     */
    items: Array<Introspection>;
};

/**
 * KeySet
 */
export type KeySet = {
    /**
     * Keys
     */
    keys: Array<{
        [key: string]: unknown;
    }>;
};

/**
 * LinkProof
 *
 * Either the token of the link, or the email address and the code; and the flow, unless it is sent as a cookie.
 */
export type LinkProof = {
    /**
     * Token
     */
    token?: string | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Code
     */
    code?: string | null;
    /**
     * Flow
     */
    flow?: string | null;
    /**
     * Device Token
     *
     * The token of a trusted device, which skips the second factor.
     */
    device_token?: string | null;
};

/**
 * LinkSent
 *
 * The response to a request for a login link. It is the same whether or not an account exists.
 */
export type LinkSent = {
    /**
     * Message
     *
     * A sentence for the user.
     */
    message: string;
    /**
     * Flow
     *
     * Identifies the browser that requested the link. Also set as the cookie `login_flow`.
     */
    flow: string;
    /**
     * Expires In
     *
     * Seconds for which the link and the code are valid.
     */
    expires_in: number;
};

/**
 * Linked
 */
export type Linked = {
    /**
     * Linked
     *
     * The provider.
     */
    linked: string;
};

/**
 * ListedProvider
 *
 * A configured provider. To start a login, redirect the browser to `login_url`.
 */
export type ListedProvider = {
    /**
     * Name
     */
    name: string;
    /**
     * Title
     */
    title: string;
    /**
     * Login Url
     */
    login_url: string;
};

/**
 * LogIn
 */
export type LogIn = {
    /**
     * Email
     */
    email: string;
    /**
     * Password
     */
    password: string;
    /**
     * Device Token
     *
     * The token of a trusted device, which skips the second factor.
     */
    device_token?: string | null;
    /**
     * Captcha Token
     *
     * The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.
     */
    captcha_token?: string | null;
};

/**
 * LoggedIn
 */
export type LoggedIn = {
    /**
     * Access Token
     *
     * Not in the body if it is set as a cookie.
     */
    access_token?: string | null;
    /**
     * Token Type
     */
    token_type?: string;
    /**
     * Expires In
     *
     * Seconds until the access token expires.
     */
    expires_in: number;
    /**
     * Refresh Token
     *
     * Not in the body if it is set as a cookie.
     */
    refresh_token?: string | null;
    /**
     * Refresh Expires In
     *
     * Seconds until the session ends, unless it is refreshed.
     */
    refresh_expires_in: number;
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Device Token
     *
     * Send it with the next login from this device. Not in the body if it is set as a cookie.
     */
    device_token?: string | null;
    /**
     * Redirect To
     *
     * The URL to return to, with a one-time `code` for `POST /oauth/exchange`. Only if the request for the link contained `redirect_to`.
     */
    redirect_to?: string | null;
};

/**
 * LoginSteps
 */
export type LoginSteps = {
    /**
     * Started
     *
     * Attempts to log in, with any method.
     */
    started: number;
    /**
     * Succeeded
     */
    succeeded: number;
    /**
     * Failed
     *
     * The number of failures by error code.
     */
    failed: {
        [key: string]: number;
    };
};

/**
 * Lookup
 *
 * The users to look up: by `user_ids`, by `emails`, or by both, 500 at most in total.
 */
export type Lookup = {
    /**
     * User Ids
     */
    user_ids?: Array<string> | null;
    /**
     * Emails
     */
    emails?: Array<string> | null;
};

/**
 * ManagedApiKey
 */
export type ManagedApiKey = {
    /**
     * Id
     */
    id: string;
    /**
     * Name
     */
    name: string;
    /**
     * Prefix
     *
     * The first characters of the key.
     */
    prefix: string;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Allowed Ips
     */
    allowed_ips: Array<string>;
    /**
     * Rate Limit
     *
     * Null: `RATE_LIMIT_API_KEY`.
     */
    rate_limit: string | null;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     *
     * Accurate to a minute.
     */
    last_used_at: string | null;
    /**
     * Expires At
     */
    expires_at: string | null;
    /**
     * User Id
     */
    user_id: string;
};

/**
 * ManagedApiKeys
 */
export type ManagedApiKeys = {
    /**
     * Items
     */
    items: Array<ManagedApiKey>;
    /**
     * Next Cursor
     *
     * Send it as `cursor` to get the next page. Null on the last page.
     */
    next_cursor: string | null;
};

/**
 * ManagedUser
 *
 * A user as administrators and other services see it.
 */
export type ManagedUser = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Locale
     *
     * The language of the user, a BCP 47 tag. Null if unknown.
     */
    locale: string | null;
    /**
     * Time Zone
     *
     * A name of the IANA time zone database. Null if unknown.
     */
    time_zone: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Roles
     */
    roles: Array<string>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    /**
     * Email Proven At
     *
     * When the owner verified the email address, or a provider asserted that it is verified.
     */
    email_proven_at: string | null;
};

/**
 * Me
 *
 * The account of the current user.
 */
export type Me = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Locale
     *
     * The language of the user, a BCP 47 tag. Null if unknown.
     */
    locale: string | null;
    /**
     * Time Zone
     *
     * A name of the IANA time zone database. Null if unknown.
     */
    time_zone: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Roles
     */
    roles: Array<string>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    /**
     * Password Breached
     *
     * Present and true if the password is known from a data breach: see BREACHED_PASSWORDS.
     */
    password_breached?: boolean;
};

/**
 * Message
 */
export type Message = {
    /**
     * Message
     *
     * A sentence for the user.
     */
    message: string;
};

/**
 * MfaSms
 */
export type MfaSms = {
    /**
     * Mfa Token
     */
    mfa_token: string;
    /**
     * Factor Id
     *
     * The phone to use if the account has several. By default, the one that was added last.
     */
    factor_id?: string | null;
};

/**
 * MfaToken
 */
export type MfaToken = {
    /**
     * Mfa Token
     */
    mfa_token: string;
};

/**
 * NewApiKey
 *
 * A name, what the key may do, and proof that the request comes from the owner.
 */
export type NewApiKey = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Name
     */
    name: string;
    /**
     * Scopes
     */
    scopes: Array<string>;
    /**
     * Expires At
     *
     * When the key ends. Without it, never.
     */
    expires_at?: string | null;
    /**
     * Allowed Ips
     *
     * The networks from which the key may be used. Without any, from anywhere.
     */
    allowed_ips?: Array<string> | null;
};

/**
 * NewLink
 */
export type NewLink = {
    /**
     * Email
     */
    email: string;
    /**
     * Redirect To
     *
     * The URL to return to after the login, which OAUTH_REDIRECT_URIS must allow.
     */
    redirect_to?: string | null;
    /**
     * Captcha Token
     *
     * The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.
     */
    captcha_token?: string | null;
};

/**
 * NewPasskey
 *
 * The credential that `navigator.credentials.create()` returned, and a name for it.
 */
export type NewPasskey = {
    /**
     * Ceremony
     */
    ceremony: string;
    credential: PasskeyCredential;
    /**
     * Name
     */
    name?: string | null;
};

/**
 * NewRecoveryCodes
 */
export type NewRecoveryCodes = {
    /**
     * Recovery Codes
     */
    recovery_codes: Array<string>;
};

/**
 * NewSmsRequest
 *
 * A phone number, a name for it, and the credentials for re-authentication.
 */
export type NewSmsRequest = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Phone
     *
     * With its country code.
     */
    phone: string;
    /**
     * Name
     */
    name?: string | null;
};

/**
 * NewTotp
 *
 * An authenticator app that has to be confirmed with a code within 15 minutes.
 */
export type NewTotp = {
    /**
     * Id
     */
    id: string;
    /**
     * Secret
     *
     * The secret in base32, for manual entry.
     */
    secret: string;
    /**
     * Otpauth Uri
     */
    otpauth_uri: string;
    /**
     * Qr Code
     *
     * The URI as a QR code: a `data:` URL of an SVG image.
     */
    qr_code: string;
};

/**
 * NewTotpRequest
 *
 * A name for the authenticator app, and the credentials for re-authentication.
 */
export type NewTotpRequest = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Name
     */
    name?: string | null;
};

/**
 * NewUser
 */
export type NewUser = {
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username?: string | null;
};

/**
 * NewWebhook
 *
 * The URL that gets events, and which events it gets.
 */
export type NewWebhook = {
    /**
     * Url
     */
    url: string;
    /**
     * Events
     *
     * Types of events, groups such as `user.*`, or `*`: see docs/events.md.
     */
    events: Array<string>;
    /**
     * Description
     */
    description?: string;
    /**
     * Is Active
     *
     * Whether it gets events.
     */
    is_active?: boolean;
};

/**
 * PasskeyCredential
 *
 * The JSON of `navigator.credentials.create()` or `.get()`, as `credential.toJSON()` returns it.
 */
export type PasskeyCredential = {
    /**
     * Id
     */
    id?: string;
    /**
     * Rawid
     */
    rawId?: string;
    /**
     * Type
     */
    type?: string;
    response?: AuthenticatorResponse;
    clientExtensionResults?: ExtensionResults | null;
};

/**
 * PasskeyEndpoints
 */
export type PasskeyEndpoints = {
    /**
     * Enroll
     */
    enroll: string;
    /**
     * Manage
     */
    manage: string;
};

/**
 * PasskeyLogin
 *
 * The credential that `navigator.credentials.get()` returned.
 */
export type PasskeyLogin = {
    /**
     * Ceremony
     */
    ceremony: string;
    credential: PasskeyCredential;
    /**
     * Device Token
     *
     * The token of a trusted device, which skips the second factor.
     */
    device_token?: string | null;
};

/**
 * PasskeySignUp
 */
export type PasskeySignUp = {
    /**
     * Ceremony
     */
    ceremony: string;
    credential: PasskeyCredential;
    /**
     * Captcha Token
     *
     * The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.
     */
    captcha_token?: string | null;
};

/**
 * PasskeySignUpOptions
 */
export type PasskeySignUpOptions = {
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username?: string | null;
};

/**
 * Presence
 *
 * The current password, and a factor if the account has one.
 *
 * Both can be omitted if the last login is at most five minutes old. For an account with a factor, that login must
 * have used two factors.
 */
export type Presence = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
};

/**
 * Profile
 *
 * What to change. Null clears a field; `username` cannot be cleared.
 */
export type Profile = {
    /**
     * Username
     */
    username?: string | null;
    /**
     * Locale
     */
    locale?: string | null;
    /**
     * Time Zone
     */
    time_zone?: string | null;
    /**
     * Picture Url
     */
    picture_url?: string | null;
};

/**
 * ProtectedResource
 *
 * The metadata of a protected resource (RFC 9728).
 */
export type ProtectedResource = {
    /**
     * Resource
     */
    resource: string;
    /**
     * Authorization Servers
     */
    authorization_servers: Array<string>;
    /**
     * Scopes Supported
     */
    scopes_supported: Array<string>;
    /**
     * Bearer Methods Supported
     */
    bearer_methods_supported: Array<string>;
    /**
     * Dpop Signing Alg Values Supported
     */
    dpop_signing_alg_values_supported: Array<string>;
    /**
     * Jwks Uri
     */
    jwks_uri: string;
};

/**
 * ProviderAnswer
 *
 * The parameters of an authorization response (RFC 6749, section 4.1.2; RFC 9207).
 */
export type ProviderAnswer = {
    /**
     * State
     *
     * The state of the authorization request.
     */
    state?: string;
    /**
     * Code
     *
     * The authorization code.
     */
    code?: string;
    /**
     * Error
     *
     * The error code, if the provider or the user denied the login.
     */
    error?: string;
    /**
     * Iss
     *
     * The issuer of the response.
     */
    iss?: string | null;
    /**
     * User
     *
     * The user's name. Sent only by Apple, with the first login.
     */
    user?: string;
};

/**
 * PushedRequest
 *
 * The response to a pushed authorization request (RFC 9126, section 2.2).
 */
export type PushedRequest = {
    /**
     * Request Uri
     */
    request_uri: string;
    /**
     * Expires In
     */
    expires_in: number;
};

/**
 * Readiness
 */
export type Readiness = {
    /**
     * Status
     *
     * `ready`, `degraded` (a service other than the database cannot be reached) or `unavailable`.
     */
    status: string;
    /**
     * Checks
     */
    checks: {
        [key: string]: string;
    };
};

/**
 * ReauthenticationSms
 */
export type ReauthenticationSms = {
    /**
     * Factor Id
     *
     * The phone to use if the account has several. By default, the one that was added last.
     */
    factor_id?: string | null;
};

/**
 * Refresh
 *
 * The refresh token, unless it is sent as a cookie.
 */
export type Refresh = {
    /**
     * Refresh Token
     */
    refresh_token?: string | null;
};

/**
 * RegisteredClient
 *
 * What a client has registered (RFC 7591, section 3.2.1; RFC 7592, section 3).
 */
export type RegisteredClient = {
    /**
     * Client Id
     */
    client_id: string;
    /**
     * Client Id Issued At
     */
    client_id_issued_at: number;
    /**
     * Client Secret
     *
     * If the client has one. It is not shown again.
     */
    client_secret?: string | null;
    /**
     * Client Secret Expires At
     *
     * 0: it does not expire.
     */
    client_secret_expires_at?: number | null;
    /**
     * Registration Access Token
     *
     * Manages the registration, as a bearer token.
     */
    registration_access_token: string;
    /**
     * Registration Client Uri
     */
    registration_client_uri: string;
    /**
     * Client Name
     */
    client_name: string;
    /**
     * Redirect Uris
     */
    redirect_uris: Array<string>;
    /**
     * Post Logout Redirect Uris
     */
    post_logout_redirect_uris?: Array<string> | null;
    /**
     * Grant Types
     */
    grant_types: Array<string>;
    /**
     * Response Types
     */
    response_types: Array<string>;
    /**
     * Token Endpoint Auth Method
     */
    token_endpoint_auth_method: string;
    /**
     * Scope
     */
    scope: string;
    /**
     * Logo Uri
     */
    logo_uri?: string | null;
    /**
     * Jwks
     */
    jwks?: {
        [key: string]: unknown;
    } | null;
    /**
     * Jwks Uri
     */
    jwks_uri?: string | null;
    /**
     * Id Token Signed Response Alg
     */
    id_token_signed_response_alg: string;
    /**
     * Subject Type
     */
    subject_type: string;
    /**
     * Dpop Bound Access Tokens
     */
    dpop_bound_access_tokens?: boolean | null;
    /**
     * Require Pushed Authorization Requests
     */
    require_pushed_authorization_requests?: boolean | null;
    /**
     * Backchannel Logout Uri
     */
    backchannel_logout_uri?: string | null;
};

/**
 * RelatedOrigins
 */
export type RelatedOrigins = {
    /**
     * Origins
     */
    origins: Array<string>;
};

/**
 * Renamed
 */
export type Renamed = {
    /**
     * Name
     */
    name: string;
};

/**
 * RenamedApiKey
 */
export type RenamedApiKey = {
    /**
     * Name
     */
    name: string;
};

/**
 * Replay
 *
 * The events to send again: from `since` to `until`, by default until now.
 */
export type Replay = {
    /**
     * Since
     */
    since: string;
    /**
     * Until
     */
    until?: string | null;
    /**
     * Events
     *
     * By default the events that the webhook gets.
     */
    events?: Array<string> | null;
};

/**
 * ResetPassword
 */
export type ResetPassword = {
    /**
     * Token
     */
    token: string;
    /**
     * Email
     *
     * If sent, must be the address that the link was sent to.
     */
    email?: string | null;
    /**
     * New Password
     */
    new_password: string;
};

/**
 * ResetRequest
 */
export type ResetRequest = {
    /**
     * Email
     */
    email: string;
    /**
     * Captcha Token
     *
     * The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.
     */
    captcha_token?: string | null;
};

/**
 * ResetSteps
 */
export type ResetSteps = {
    /**
     * Requested
     *
     * Password resets that were requested.
     */
    requested: number;
    /**
     * Completed
     */
    completed: number;
};

/**
 * Revocations
 *
 * The sessions and users whose access tokens were revoked before they expired.
 */
export type Revocations = {
    /**
     * Version
     *
     * Send it as `since` to get only what was added.
     */
    version: number;
    /**
     * Expires In
     *
     * Seconds after which the list is out of date.
     */
    expires_in: number;
    /**
     * Sessions
     *
     * The `sid` of tokens that are revoked.
     */
    sessions: Array<string>;
    /**
     * Users
     */
    users: Array<RevokedUser>;
    /**
     * Jws
     *
     * A detached JWS (RFC 7515, appendix F) with `typ` `revocations+jwt`, by a key of `/.well-known/jwks.json`, over the response without `jws` in canonical form (RFC 8785). Its header contains `since`: the list has everything after that version. Null: the list is whole.
     */
    jws: string;
};

/**
 * RevokedUser
 *
 * A user all of whose tokens were revoked, or a client all of whose own tokens were: `sub` is its `client_id`.
 */
export type RevokedUser = {
    /**
     * Sub
     */
    sub: string;
    /**
     * Not Before
     *
     * Tokens with an earlier `iat` are revoked. Seconds since 1970.
     */
    not_before: number;
};

/**
 * Role
 */
export type Role = {
    /**
     * Name
     */
    name: string;
    /**
     * Description
     */
    description?: string;
    /**
     * Permissions
     */
    permissions?: Array<'users:read' | 'users:write' | 'roles:read' | 'roles:write' | 'audit:read' | 'users:impersonate' | 'webhooks:read' | 'webhooks:write' | 'clients:read' | 'clients:write' | 'system:read' | 'system:write'>;
    /**
     * Inherits
     *
     * Roles whose permissions it also has.
     */
    inherits?: Array<string>;
};

/**
 * RoleChange
 *
 * The fields to change.
 *
 * Omitted fields keep their values. `password` is the administrator's password, which is optional if their login is
 * recent.
 */
export type RoleChange = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Description
     */
    description?: string | null;
    /**
     * Permissions
     */
    permissions?: Array<'users:read' | 'users:write' | 'roles:read' | 'roles:write' | 'audit:read' | 'users:impersonate' | 'webhooks:read' | 'webhooks:write' | 'clients:read' | 'clients:write' | 'system:read' | 'system:write'> | null;
    /**
     * Inherits
     */
    inherits?: Array<string> | null;
};

/**
 * Roles
 */
export type Roles = {
    /**
     * Items
     */
    items: Array<Role>;
};

/**
 * RolesOfUser
 *
 * The roles of a user. `password` is the administrator's password, which is optional if their login is recent.
 */
export type RolesOfUser = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Roles
     */
    roles: Array<string>;
};

/**
 * SecondStep
 *
 * The second step of a login: a `code`, a `recovery_code`, or a `ceremony` with its `credential`.
 */
export type SecondStep = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Mfa Token
     */
    mfa_token: string;
    /**
     * Remember Device
     *
     * Whether this device skips the second factor from now on.
     */
    remember_device?: boolean;
};

/**
 * SecretRotation
 */
export type SecretRotation = {
    /**
     * Overlap Seconds
     *
     * How long the old secret remains valid.
     */
    overlap_seconds?: number;
};

/**
 * SecureAccount
 *
 * The token of the link, and a factor to remove the account's other factors immediately.
 */
export type SecureAccount = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Token
     */
    token: string;
};

/**
 * SentMail
 */
export type SentMail = {
    /**
     * Id
     */
    id: number;
    /**
     * To
     */
    to: string;
    /**
     * Subject
     */
    subject: string;
    /**
     * Text
     */
    text: string;
    /**
     * Html
     */
    html: string;
    /**
     * Created At
     */
    created_at: string;
};

/**
 * SignUp
 */
export type SignUp = {
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username?: string | null;
    /**
     * Password
     *
     * Optional if `PASSWORD_OPTIONAL` is set.
     */
    password?: string | null;
    /**
     * Accepted Terms
     *
     * Whether the user accepted the terms of `TERMS_URL`. Recorded.
     */
    accepted_terms?: boolean;
    /**
     * Captcha Token
     *
     * The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.
     */
    captcha_token?: string | null;
};

/**
 * SignUpAccepted
 */
export type SignUpAccepted = {
    /**
     * Message
     *
     * A sentence for the user.
     */
    message: string;
    /**
     * Flow
     *
     * Without a password: as in the response of `POST /auth/magic-link`.
     */
    flow?: string | null;
    /**
     * Expires In
     *
     * Seconds for which the link and the code are valid.
     */
    expires_in?: number | null;
    /**
     * Verificationtoken
     *
     * Only in development, with EXPOSE_VERIFICATION_TOKEN=true.
     */
    verificationToken?: string | null;
};

/**
 * SignUpSteps
 */
export type SignUpSteps = {
    /**
     * Started
     *
     * Attempts to sign up.
     */
    started: number;
    /**
     * Completed
     *
     * Accounts that were created.
     */
    completed: number;
    /**
     * Verified
     *
     * Email addresses that their owners verified.
     */
    verified: number;
};

/**
 * SignedUp
 */
export type SignedUp = {
    /**
     * Access Token
     *
     * Not in the body if it is set as a cookie.
     */
    access_token?: string | null;
    /**
     * Token Type
     */
    token_type?: string;
    /**
     * Expires In
     *
     * Seconds until the access token expires.
     */
    expires_in: number;
    /**
     * Refresh Token
     *
     * Not in the body if it is set as a cookie.
     */
    refresh_token?: string | null;
    /**
     * Refresh Expires In
     *
     * Seconds until the session ends, unless it is refreshed.
     */
    refresh_expires_in: number;
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Device Token
     *
     * Send it with the next login from this device. Not in the body if it is set as a cookie.
     */
    device_token?: string | null;
    /**
     * Id
     */
    id: number;
    /**
     * Locale
     *
     * The language of the user, a BCP 47 tag. Null if unknown.
     */
    locale: string | null;
    /**
     * Time Zone
     *
     * A name of the IANA time zone database. Null if unknown.
     */
    time_zone: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Roles
     */
    roles: Array<string>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
    /**
     * Verificationtoken
     *
     * Only in development, with EXPOSE_VERIFICATION_TOKEN=true.
     */
    verificationToken?: string | null;
};

/**
 * SmsSent
 */
export type SmsSent = {
    /**
     * Phone
     *
     * The number, masked.
     */
    phone: string;
    /**
     * Expires In
     *
     * Seconds for which the code is valid.
     */
    expires_in: number;
};

/**
 * Snapshot
 */
export type Snapshot = {
    /**
     * Items
     */
    items: Array<ManagedUser>;
    /**
     * Next Cursor
     *
     * Send it as `after` to get the next page. Null on the last page.
     */
    next_cursor: number | null;
    /**
     * Events Cursor
     *
     * Follow the event feed from the `events_cursor` of the first page: it has every change that the pages do not show.
     */
    events_cursor: number;
};

/**
 * Stats
 */
export type Stats = {
    /**
     * Users
     */
    users: number;
    /**
     * Active
     */
    active: number;
    /**
     * Verified
     */
    verified: number;
    /**
     * Sessions
     *
     * Sessions that have not ended.
     */
    sessions: number;
    /**
     * Signups
     *
     * The last 30 days, oldest first, in UTC.
     */
    signups: Array<DayCount>;
    /**
     * Logins
     */
    logins: Array<DayCount>;
};

/**
 * TokenOnly
 */
export type TokenOnly = {
    /**
     * Token
     */
    token: string;
};

/**
 * TokenRequest
 *
 * A token request (RFC 6749). `scope`, `client_id` and `client_secret` are ignored.
 */
export type TokenRequest = {
    /**
     * Grant Type
     */
    grant_type?: string | null;
    /**
     * Username
     */
    username?: string | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Refresh Token
     */
    refresh_token?: string | null;
    /**
     * Device Token
     *
     * The token of a trusted device, which skips the second factor.
     */
    device_token?: string | null;
    /**
     * Captcha Token
     *
     * The token of a solved CAPTCHA. Needed if the response without it is 403 `captcha_required`.
     */
    captcha_token?: string | null;
};

/**
 * TokenResponse
 *
 * The response of the token endpoint (RFC 6749, section 5.1).
 */
export type TokenResponse = {
    /**
     * Access Token
     */
    access_token: string;
    /**
     * Token Type
     */
    token_type: string;
    /**
     * Expires In
     */
    expires_in: number;
    /**
     * Scope
     */
    scope: string;
    /**
     * Refresh Token
     */
    refresh_token?: string | null;
    /**
     * Id Token
     */
    id_token?: string | null;
};

/**
 * Tokens
 */
export type Tokens = {
    /**
     * Access Token
     *
     * Not in the body if it is set as a cookie.
     */
    access_token?: string | null;
    /**
     * Token Type
     */
    token_type?: string;
    /**
     * Expires In
     *
     * Seconds until the access token expires.
     */
    expires_in: number;
    /**
     * Refresh Token
     *
     * Not in the body if it is set as a cookie.
     */
    refresh_token?: string | null;
    /**
     * Refresh Expires In
     *
     * Seconds until the session ends, unless it is refreshed.
     */
    refresh_expires_in: number;
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Device Token
     *
     * Send it with the next login from this device. Not in the body if it is set as a cookie.
     */
    device_token?: string | null;
};

/**
 * TotpCode
 */
export type TotpCode = {
    /**
     * Code
     */
    code: string;
};

/**
 * TrustedDevice
 */
export type TrustedDeviceOut = {
    /**
     * Id
     */
    id: string;
    /**
     * Device
     *
     * Name of the browser and system.
     */
    device: string;
    /**
     * User Agent
     */
    user_agent: string;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Last Used At
     */
    last_used_at: string;
    /**
     * Expires At
     */
    expires_at: string;
};

/**
 * TrustedDevices
 */
export type TrustedDevices = {
    /**
     * Items
     */
    items: Array<TrustedDeviceOut>;
};

/**
 * User
 */
export type User = {
    /**
     * Id
     */
    id: number;
    /**
     * User Id
     */
    user_id: string;
    /**
     * Email
     */
    email: string;
    /**
     * Username
     */
    username: string;
    /**
     * Locale
     *
     * The language of the user, a BCP 47 tag. Null if unknown.
     */
    locale: string | null;
    /**
     * Time Zone
     *
     * A name of the IANA time zone database. Null if unknown.
     */
    time_zone: string | null;
    /**
     * Picture Url
     */
    picture_url: string | null;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Is Verified
     */
    is_verified: boolean;
    /**
     * Roles
     */
    roles: Array<string>;
    /**
     * Created At
     */
    created_at: string;
    /**
     * Updated At
     */
    updated_at: string;
};

/**
 * UserChange
 *
 * The fields to change.
 *
 * Omitted fields keep their values. `password` is the administrator's password, which is optional if their login is
 * recent.
 */
export type UserChange = {
    /**
     * Code
     */
    code?: string | null;
    /**
     * Recovery Code
     */
    recovery_code?: string | null;
    /**
     * Ceremony
     */
    ceremony?: string | null;
    credential?: PasskeyCredential | null;
    /**
     * Password
     */
    password?: string | null;
    /**
     * Username
     */
    username?: string | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Is Active
     */
    is_active?: boolean | null;
    /**
     * Is Verified
     */
    is_verified?: boolean | null;
};

/**
 * UserInfo
 *
 * The claims of the scopes that the access token has.
 */
export type UserInfo = {
    /**
     * Sub
     */
    sub: string;
    /**
     * Name
     */
    name?: string | null;
    /**
     * Picture
     */
    picture?: string | null;
    /**
     * Locale
     */
    locale?: string | null;
    /**
     * Zoneinfo
     */
    zoneinfo?: string | null;
    /**
     * Updated At
     */
    updated_at?: number | null;
    /**
     * Email
     */
    email?: string | null;
    /**
     * Email Verified
     */
    email_verified?: boolean | null;
    /**
     * Roles
     */
    roles?: Array<string> | null;
};

/**
 * UserPage
 */
export type UserPage = {
    /**
     * Items
     */
    items: Array<ManagedUser>;
    /**
     * Next Cursor
     *
     * Send it as `cursor` to get the next page. Null on the last page.
     */
    next_cursor: string | null;
    /**
     * Total
     *
     * Number of matching accounts on all pages.
     */
    total: number;
};

/**
 * Users
 */
export type Users = {
    /**
     * Items
     */
    items: Array<ManagedUser>;
};

/**
 * Webhook
 */
export type Webhook = {
    /**
     * Id
     */
    id: number;
    /**
     * Url
     */
    url: string;
    /**
     * Events
     */
    events: Array<string>;
    /**
     * Description
     */
    description: string;
    /**
     * Is Active
     */
    is_active: boolean;
    /**
     * Created At
     */
    created_at: string;
    health: WebhookHealth;
};

/**
 * WebhookChange
 *
 * The fields to change. Omitted fields keep their values.
 */
export type WebhookChange = {
    /**
     * Url
     */
    url?: string | null;
    /**
     * Events
     */
    events?: Array<string> | null;
    /**
     * Description
     */
    description?: string | null;
    /**
     * Is Active
     *
     * Whether it gets events. True also enables a disabled one again.
     */
    is_active?: boolean | null;
};

/**
 * WebhookDeliveries
 */
export type WebhookDeliveries = {
    /**
     * Items
     */
    items: Array<WebhookDeliveryOut>;
    /**
     * Next Cursor
     *
     * Send it as `cursor` to get the next page. Null on the last page.
     */
    next_cursor: string | null;
};

/**
 * WebhookDelivery
 *
 * A delivery of an event to a webhook.
 */
export type WebhookDeliveryOut = {
    /**
     * Id
     */
    id: number;
    /**
     * Event Id
     */
    event_id: string;
    /**
     * Type
     */
    type: string;
    /**
     * Status
     */
    status: 'pending' | 'delivered' | 'failed';
    /**
     * Attempts
     */
    attempts: number;
    /**
     * Created At
     *
     * The time of the event.
     */
    created_at: string;
    /**
     * Next Attempt At
     *
     * Null unless it is pending.
     */
    next_attempt_at: string | null;
    /**
     * Response Status
     *
     * HTTP status of the last response.
     */
    response_status: number | null;
    /**
     * Response Ms
     *
     * Duration of the last attempt in milliseconds.
     */
    response_ms: number | null;
    /**
     * Error
     *
     * Why the last attempt failed.
     */
    error: string | null;
};

/**
 * WebhookHealth
 */
export type WebhookHealth = {
    /**
     * Status
     *
     * `new`: nothing was delivered yet. `failing`: the last deliveries failed. `disabled`: the service disabled it.
     */
    status: 'new' | 'ok' | 'failing' | 'disabled';
    /**
     * Last Delivered At
     *
     * Accurate to ten seconds.
     */
    last_delivered_at: string | null;
    /**
     * Failing Since
     */
    failing_since: string | null;
    /**
     * Disabled Reason
     *
     * `gone` (the receiver responded with 410) or `failing` (for five days).
     */
    disabled_reason: string | null;
};

/**
 * WebhookSecret
 */
export type WebhookSecret = {
    /**
     * Secret
     *
     * Verifies the signatures of requests (Standard Webhooks). It is not shown again.
     */
    secret: string;
};

/**
 * Webhooks
 */
export type Webhooks = {
    /**
     * Items
     */
    items: Array<Webhook>;
};

/**
 * Welcome
 */
export type Welcome = {
    /**
     * Message
     */
    message: string;
    /**
     * Version
     */
    version: string;
    /**
     * Docs
     */
    docs: string;
};

/**
 * Problem
 *
 * An error (RFC 9457). `code` is stable and meant for programs, `detail` is a sentence for users.
 */
export type Problem = {
    /**
     * Type
     */
    type: string;
    /**
     * Title
     */
    title: string;
    /**
     * Status
     */
    status: number;
    /**
     * Detail
     */
    detail: string;
    /**
     * Code
     */
    code: string;
    /**
     * Request Id
     */
    request_id: string;
    /**
     * Errors
     */
    errors?: Array<FieldError> | null;
    /**
     * Mfa Token
     *
     * With `mfa_required`: for `POST /auth/mfa`.
     */
    mfa_token?: string | null;
    /**
     * Factors
     *
     * With `mfa_required` and `reauthentication_required`: the types of factors that the account has.
     */
    factors?: Array<string> | null;
    /**
     * Expires In
     *
     * With `mfa_required`: seconds until the `mfa_token` expires.
     */
    expires_in?: number | null;
    /**
     * Acr Values
     *
     * With `reauthentication_required`: `aal2` if two factors are needed.
     */
    acr_values?: string | null;
};

/**
 * FieldError
 */
export type FieldError = {
    /**
     * Field
     */
    field: string;
    /**
     * Message
     */
    message: string;
    /**
     * Code
     *
     * Stable, for programs: `missing`, `too_long`, `invalid`, or the rule that a password violates.
     */
    code: string;
};

/**
 * OAuthProblem
 *
 * An OAuth error (RFC 6749, section 5.2).
 */
export type OAuthProblem = {
    /**
     * Error
     */
    error: string;
    /**
     * Error Description
     */
    error_description: string;
    /**
     * Mfa Token
     *
     * With `mfa_required`: for `POST /auth/mfa`.
     */
    mfa_token?: string | null;
    /**
     * Factors
     *
     * With `mfa_required`: the types of factors of the account.
     */
    factors?: Array<string> | null;
    /**
     * Expires In
     *
     * With `mfa_required`: seconds until the `mfa_token` expires.
     */
    expires_in?: number | null;
};

export type AuthSignupData = {
    body: SignUp;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/signup';
};

export type AuthSignupErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `captcha_required`: The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `email_taken`: An account with this email address already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `weak_password`: The password does not meet the password policy. The errors list each rule that it violates. `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthSignupError = AuthSignupErrors[keyof AuthSignupErrors];

export type AuthSignupResponses = {
    /**
     * Created.
     */
    201: SignedUp;
    /**
     * With `EMAIL_VERIFICATION=required`: the same for a new and a registered email address.
     */
    202: SignUpAccepted;
};

export type AuthSignupResponse = AuthSignupResponses[keyof AuthSignupResponses];

export type AuthLoginData = {
    body: LogIn;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/login';
};

export type AuthLoginErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_credentials`: The email address or the password is wrong.
     */
    401: Problem;
    /**
     * `email_not_verified`: Verify your email address first, with the link or the code in the email that we sent you. `account_disabled`: This account has been disabled. `mfa_required`: Enter the code from your authenticator app, or use another factor. `captcha_required`: The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthLoginError = AuthLoginErrors[keyof AuthLoginErrors];

export type AuthLoginResponses = {
    /**
     * Success.
     */
    200: Tokens;
};

export type AuthLoginResponse = AuthLoginResponses[keyof AuthLoginResponses];

export type AuthTokenData = {
    body: TokenRequest;
    path?: never;
    query?: never;
    url: '/auth/token';
};

export type AuthTokenErrors = {
    /**
     * `invalid_request`: A parameter that this grant_type requires is missing. `unsupported_grant_type`: The grant_type must be password or refresh_token. `invalid_grant`: The email address or the password is wrong.
     */
    400: OAuthProblem;
    /**
     * `mfa_required`: Enter the code from your authenticator app, or use another factor. `captcha_required`: The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again.
     */
    403: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type AuthTokenError = AuthTokenErrors[keyof AuthTokenErrors];

export type AuthTokenResponses = {
    /**
     * Success.
     */
    200: Tokens;
};

export type AuthTokenResponse = AuthTokenResponses[keyof AuthTokenResponses];

export type AuthRefreshData = {
    /**
     * Body
     */
    body?: Refresh | null;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/refresh';
};

export type AuthRefreshErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_refresh_token`: The session has ended. Log in again.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthRefreshError = AuthRefreshErrors[keyof AuthRefreshErrors];

export type AuthRefreshResponses = {
    /**
     * Success.
     */
    200: Tokens;
};

export type AuthRefreshResponse = AuthRefreshResponses[keyof AuthRefreshResponses];

export type AuthLogoutData = {
    /**
     * Body
     */
    body?: Refresh | null;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/logout';
};

export type AuthLogoutErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired. `invalid_refresh_token`: The session has ended. Log in again.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthLogoutError = AuthLogoutErrors[keyof AuthLogoutErrors];

export type AuthLogoutResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AuthLogoutResponse = AuthLogoutResponses[keyof AuthLogoutResponses];

export type AuthLogoutAllData = {
    /**
     * Body
     */
    body?: Refresh | null;
    path?: never;
    query?: {
        /**
         * Api Keys
         *
         * Whether your API keys end too.
         */
        api_keys?: boolean;
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/logout-all';
};

export type AuthLogoutAllErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired. `invalid_refresh_token`: The session has ended. Log in again.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthLogoutAllError = AuthLogoutAllErrors[keyof AuthLogoutAllErrors];

export type AuthLogoutAllResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AuthLogoutAllResponse = AuthLogoutAllResponses[keyof AuthLogoutAllResponses];

export type AuthVerifyEmailData = {
    body: EmailProof;
    path?: never;
    query?: never;
    url: '/auth/verify-email';
};

export type AuthVerifyEmailErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `email_taken`: An account with this email address already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthVerifyEmailError = AuthVerifyEmailErrors[keyof AuthVerifyEmailErrors];

export type AuthVerifyEmailResponses = {
    /**
     * Success.
     */
    200: User;
};

export type AuthVerifyEmailResponse = AuthVerifyEmailResponses[keyof AuthVerifyEmailResponses];

export type AuthResendVerificationData = {
    body: EmailOnly;
    path?: never;
    query?: never;
    url: '/auth/resend-verification';
};

export type AuthResendVerificationErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthResendVerificationError = AuthResendVerificationErrors[keyof AuthResendVerificationErrors];

export type AuthResendVerificationResponses = {
    /**
     * Accepted.
     */
    202: Message;
};

export type AuthResendVerificationResponse = AuthResendVerificationResponses[keyof AuthResendVerificationResponses];

export type AuthDisownData = {
    body: TokenOnly;
    path?: never;
    query?: never;
    url: '/auth/disown';
};

export type AuthDisownErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthDisownError = AuthDisownErrors[keyof AuthDisownErrors];

export type AuthDisownResponses = {
    /**
     * Success.
     */
    200: Message;
};

export type AuthDisownResponse = AuthDisownResponses[keyof AuthDisownResponses];

export type AuthRequestPasswordResetData = {
    body: ResetRequest;
    path?: never;
    query?: never;
    url: '/auth/reset-password/request';
};

export type AuthRequestPasswordResetErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `captcha_required`: The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthRequestPasswordResetError = AuthRequestPasswordResetErrors[keyof AuthRequestPasswordResetErrors];

export type AuthRequestPasswordResetResponses = {
    /**
     * Accepted.
     */
    202: Message;
};

export type AuthRequestPasswordResetResponse = AuthRequestPasswordResetResponses[keyof AuthRequestPasswordResetResponses];

export type AuthResetPasswordData = {
    body: ResetPassword;
    path?: never;
    query?: never;
    url: '/auth/reset-password/confirm';
};

export type AuthResetPasswordErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `weak_password`: The password does not meet the password policy. The errors list each rule that it violates. `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthResetPasswordError = AuthResetPasswordErrors[keyof AuthResetPasswordErrors];

export type AuthResetPasswordResponses = {
    /**
     * Success.
     */
    200: Message;
};

export type AuthResetPasswordResponse = AuthResetPasswordResponses[keyof AuthResetPasswordResponses];

export type AuthSecureAccountData = {
    body: SecureAccount;
    path?: never;
    query?: never;
    url: '/auth/secure-account';
};

export type AuthSecureAccountErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_code`: The code or passkey is wrong, or was already used.
     */
    401: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthSecureAccountError = AuthSecureAccountErrors[keyof AuthSecureAccountErrors];

export type AuthSecureAccountResponses = {
    /**
     * Success.
     */
    200: Message;
};

export type AuthSecureAccountResponse = AuthSecureAccountResponses[keyof AuthSecureAccountResponses];

export type AuthUndoEmailChangeData = {
    body: TokenOnly;
    path?: never;
    query?: never;
    url: '/auth/undo-email-change';
};

export type AuthUndoEmailChangeErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `email_taken`: An account with this email address already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthUndoEmailChangeError = AuthUndoEmailChangeErrors[keyof AuthUndoEmailChangeErrors];

export type AuthUndoEmailChangeResponses = {
    /**
     * Success.
     */
    200: User;
};

export type AuthUndoEmailChangeResponse = AuthUndoEmailChangeResponses[keyof AuthUndoEmailChangeResponses];

export type AuthChangePasswordData = {
    body: ChangePassword;
    path?: never;
    query?: never;
    url: '/auth/change-password';
};

export type AuthChangePasswordErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `weak_password`: The password does not meet the password policy. The errors list each rule that it violates. `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthChangePasswordError = AuthChangePasswordErrors[keyof AuthChangePasswordErrors];

export type AuthChangePasswordResponses = {
    /**
     * Success.
     */
    200: Message;
};

export type AuthChangePasswordResponse = AuthChangePasswordResponses[keyof AuthChangePasswordResponses];

export type UsersDeleteMeData = {
    /**
     * Body
     */
    body?: Presence | null;
    path?: never;
    query?: never;
    url: '/users/me';
};

export type UsersDeleteMeErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `last_superuser`: The last active superuser cannot be removed. Create another one first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersDeleteMeError = UsersDeleteMeErrors[keyof UsersDeleteMeErrors];

export type UsersDeleteMeResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersDeleteMeResponse = UsersDeleteMeResponses[keyof UsersDeleteMeResponses];

export type UsersMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me';
};

export type UsersMeErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersMeError = UsersMeErrors[keyof UsersMeErrors];

export type UsersMeResponses = {
    /**
     * Success.
     */
    200: Me;
};

export type UsersMeResponse = UsersMeResponses[keyof UsersMeResponses];

export type UsersUpdateMeData = {
    body: Profile;
    path?: never;
    query?: never;
    url: '/users/me';
};

export type UsersUpdateMeErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersUpdateMeError = UsersUpdateMeErrors[keyof UsersUpdateMeErrors];

export type UsersUpdateMeResponses = {
    /**
     * Success.
     */
    200: User;
};

export type UsersUpdateMeResponse = UsersUpdateMeResponses[keyof UsersUpdateMeResponses];

export type UsersChangeEmailData = {
    body: ChangeEmail;
    path?: never;
    query?: never;
    url: '/users/me/email';
};

export type UsersChangeEmailErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `email_taken`: An account with this email address already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersChangeEmailError = UsersChangeEmailErrors[keyof UsersChangeEmailErrors];

export type UsersChangeEmailResponses = {
    /**
     * Accepted.
     */
    202: Message;
};

export type UsersChangeEmailResponse = UsersChangeEmailResponses[keyof UsersChangeEmailResponses];

export type UsersListSessionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/sessions';
};

export type UsersListSessionsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListSessionsError = UsersListSessionsErrors[keyof UsersListSessionsErrors];

export type UsersListSessionsResponses = {
    /**
     * Response Users.List Sessions
     *
     * Success.
     */
    200: Array<Device>;
};

export type UsersListSessionsResponse = UsersListSessionsResponses[keyof UsersListSessionsResponses];

export type UsersEndSessionData = {
    body?: never;
    path: {
        /**
         * Session Id
         */
        session_id: string;
    };
    query?: never;
    url: '/users/me/sessions/{session_id}';
};

export type UsersEndSessionErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersEndSessionError = UsersEndSessionErrors[keyof UsersEndSessionErrors];

export type UsersEndSessionResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersEndSessionResponse = UsersEndSessionResponses[keyof UsersEndSessionResponses];

export type UsersListActivityData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         *
         * Number of items on a page.
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next_cursor` of the previous page.
         */
        cursor?: string | null;
    };
    url: '/users/me/activity';
};

export type UsersListActivityErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListActivityError = UsersListActivityErrors[keyof UsersListActivityErrors];

export type UsersListActivityResponses = {
    /**
     * Success.
     */
    200: EventPage;
};

export type UsersListActivityResponse = UsersListActivityResponses[keyof UsersListActivityResponses];

export type UsersExportMeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/export';
};

export type UsersExportMeErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersExportMeError = UsersExportMeErrors[keyof UsersExportMeErrors];

export type UsersExportMeResponses = {
    /**
     * Success.
     */
    200: Export;
};

export type UsersExportMeResponse = UsersExportMeResponses[keyof UsersExportMeResponses];

export type UsersListAllData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users';
};

export type UsersListAllErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListAllError = UsersListAllErrors[keyof UsersListAllErrors];

export type UsersListAllResponses = {
    /**
     * Response Users.List All
     *
     * Success.
     */
    200: Array<User>;
};

export type UsersListAllResponse = UsersListAllResponses[keyof UsersListAllResponses];

export type UsersReadData = {
    body?: never;
    path: {
        /**
         * User Id
         */
        user_id: string;
    };
    query?: never;
    url: '/users/{user_id}';
};

export type UsersReadErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersReadError = UsersReadErrors[keyof UsersReadErrors];

export type UsersReadResponses = {
    /**
     * Success.
     */
    200: User;
};

export type UsersReadResponse = UsersReadResponses[keyof UsersReadResponses];

export type Oauth2ListRevocationsData = {
    body?: never;
    headers?: {
        /**
         * If-None-Match
         */
        'if-none-match'?: string;
    };
    path?: never;
    query?: {
        /**
         * Since
         *
         * The `version` of an earlier response: list only what was added since.
         */
        since?: number | null;
    };
    url: '/.well-known/revocations';
};

export type Oauth2ListRevocationsErrors = {
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type Oauth2ListRevocationsError = Oauth2ListRevocationsErrors[keyof Oauth2ListRevocationsErrors];

export type Oauth2ListRevocationsResponses = {
    /**
     * Success.
     */
    200: Revocations;
};

export type Oauth2ListRevocationsResponse = Oauth2ListRevocationsResponses[keyof Oauth2ListRevocationsResponses];

export type UsersListIdentitiesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/identities';
};

export type UsersListIdentitiesErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListIdentitiesError = UsersListIdentitiesErrors[keyof UsersListIdentitiesErrors];

export type UsersListIdentitiesResponses = {
    /**
     * Response Users.List Identities
     *
     * Success.
     */
    200: Array<Identity>;
};

export type UsersListIdentitiesResponse = UsersListIdentitiesResponses[keyof UsersListIdentitiesResponses];

export type UsersUnlinkProviderData = {
    /**
     * Body
     */
    body?: Presence | null;
    path: {
        /**
         * Provider
         */
        provider: string;
    };
    query?: never;
    url: '/users/me/identities/{provider}';
};

export type UsersUnlinkProviderErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `last_credential`: This is the only login method of the account. Set a password or link another provider first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersUnlinkProviderError = UsersUnlinkProviderErrors[keyof UsersUnlinkProviderErrors];

export type UsersUnlinkProviderResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersUnlinkProviderResponse = UsersUnlinkProviderResponses[keyof UsersUnlinkProviderResponses];

export type OauthListProvidersData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/oauth/providers';
};

export type OauthListProvidersErrors = {
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type OauthListProvidersError = OauthListProvidersErrors[keyof OauthListProvidersErrors];

export type OauthListProvidersResponses = {
    /**
     * Response Oauth.List Providers
     *
     * Success.
     */
    200: Array<ListedProvider>;
};

export type OauthListProvidersResponse = OauthListProvidersResponses[keyof OauthListProvidersResponses];

export type OauthExchangeData = {
    body: ExchangeCode;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/oauth/exchange';
};

export type OauthExchangeErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `account_disabled`: This account has been disabled. `email_not_verified`: Verify your email address first, with the link or the code in the email that we sent you. `mfa_required`: Enter the code from your authenticator app, or use another factor. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type OauthExchangeError = OauthExchangeErrors[keyof OauthExchangeErrors];

export type OauthExchangeResponses = {
    /**
     * Success.
     */
    200: Tokens;
};

export type OauthExchangeResponse = OauthExchangeResponses[keyof OauthExchangeResponses];

export type OauthStartData = {
    body?: never;
    path: {
        /**
         * Provider
         *
         * One of `GET /oauth/providers`.
         */
        provider: string;
    };
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning a `code`.
         */
        use_cookies?: boolean;
        /**
         * Redirect To
         *
         * Where the flow ends: one of OAUTH_REDIRECT_URIS, or a URL below one of its origins.
         */
        redirect_to?: string | null;
        /**
         * Prompt
         *
         * `login` asks the provider to authenticate the user again. Only such a login counts as recent, and only if the provider's ID token contains `auth_time`.
         */
        prompt?: 'login' | null;
        /**
         * Code Challenge
         *
         * S256 of a verifier, which `POST /oauth/exchange` then requires (RFC 7636).
         */
        code_challenge?: string | null;
    };
    url: '/oauth/{provider}';
};

export type OauthStartErrors = {
    /**
     * `oauth_error`: Login with this provider failed. Start again.
     */
    400: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type OauthStartError = OauthStartErrors[keyof OauthStartErrors];

export type OauthLinkProviderData = {
    /**
     * Body
     */
    body?: Presence | null;
    path: {
        /**
         * Provider
         *
         * One of `GET /oauth/providers`.
         */
        provider: string;
    };
    query?: {
        /**
         * Redirect To
         *
         * Where the flow ends: one of OAUTH_REDIRECT_URIS, or a URL below one of its origins.
         */
        redirect_to?: string | null;
        /**
         * Prompt
         *
         * `login` asks the provider to authenticate the user again. Only such a login counts as recent, and only if the provider's ID token contains `auth_time`.
         */
        prompt?: 'login' | null;
        /**
         * Code Challenge
         *
         * S256 of a verifier, which `POST /oauth/exchange` then requires (RFC 7636).
         */
        code_challenge?: string | null;
    };
    url: '/oauth/{provider}/link';
};

export type OauthLinkProviderErrors = {
    /**
     * `oauth_error`: Login with this provider failed. Start again. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type OauthLinkProviderError = OauthLinkProviderErrors[keyof OauthLinkProviderErrors];

export type OauthLinkProviderResponses = {
    /**
     * Success.
     */
    200: AuthorizationUrl;
};

export type OauthLinkProviderResponse = OauthLinkProviderResponses[keyof OauthLinkProviderResponses];

export type OauthCallbackData = {
    body?: never;
    path: {
        /**
         * Provider
         *
         * One of `GET /oauth/providers`.
         */
        provider: string;
    };
    query?: {
        /**
         * State
         *
         * The state of the authorization request.
         */
        state?: string;
        /**
         * Code
         *
         * The authorization code.
         */
        code?: string;
        /**
         * Error
         *
         * The error code, if the provider or the user denied the login.
         */
        error?: string;
        /**
         * Iss
         *
         * The issuer of the response.
         */
        iss?: string | null;
        /**
         * User
         *
         * The user's name. Sent only by Apple, with the first login.
         */
        user?: string;
    };
    url: '/oauth/{provider}/callback';
};

export type OauthCallbackErrors = {
    /**
     * `oauth_error`: Login with this provider failed. Start again.
     */
    400: Problem;
    /**
     * `account_disabled`: This account has been disabled. `email_not_verified`: Verify your email address first, with the link or the code in the email that we sent you. `mfa_required`: Enter the code from your authenticator app, or use another factor.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `link_required`: An account with this email address already exists. Log in to it as usual, then link the provider. `conflict`: The provider is already linked: this identity to another account, or your account to another identity. Unlink it first.
     */
    409: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type OauthCallbackError = OauthCallbackErrors[keyof OauthCallbackErrors];

export type OauthCallbackResponses = {
    /**
     * Response 200 Oauth.Callback
     *
     * The tokens, or the linked provider.
     */
    200: Tokens | Linked;
};

export type OauthCallbackResponse = OauthCallbackResponses[keyof OauthCallbackResponses];

export type OauthPostedCallbackData = {
    body: ProviderAnswer;
    path: {
        /**
         * Provider
         *
         * One of `GET /oauth/providers`.
         */
        provider: string;
    };
    query?: never;
    url: '/oauth/{provider}/callback';
};

export type OauthPostedCallbackErrors = {
    /**
     * `oauth_error`: Login with this provider failed. Start again. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `account_disabled`: This account has been disabled. `email_not_verified`: Verify your email address first, with the link or the code in the email that we sent you. `mfa_required`: Enter the code from your authenticator app, or use another factor.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `method_not_allowed`: This URL does not support that method.
     */
    405: Problem;
    /**
     * `link_required`: An account with this email address already exists. Log in to it as usual, then link the provider. `conflict`: The provider is already linked: this identity to another account, or your account to another identity. Unlink it first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type OauthPostedCallbackError = OauthPostedCallbackErrors[keyof OauthPostedCallbackErrors];

export type OauthPostedCallbackResponses = {
    /**
     * Response 200 Oauth.Posted Callback
     *
     * The tokens, or the linked provider.
     */
    200: Tokens | Linked;
};

export type OauthPostedCallbackResponse = OauthPostedCallbackResponses[keyof OauthPostedCallbackResponses];

export type AuthCompleteLoginData = {
    body: SecondStep;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/mfa';
};

export type AuthCompleteLoginErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_code`: The code or passkey is wrong, or was already used. `invalid_mfa_token`: This login has expired. Log in again.
     */
    401: Problem;
    /**
     * `account_disabled`: This account has been disabled. `email_not_verified`: Verify your email address first, with the link or the code in the email that we sent you. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthCompleteLoginError = AuthCompleteLoginErrors[keyof AuthCompleteLoginErrors];

export type AuthCompleteLoginResponses = {
    /**
     * Success.
     */
    200: Tokens;
};

export type AuthCompleteLoginResponse = AuthCompleteLoginResponses[keyof AuthCompleteLoginResponses];

export type AuthSecondStepOptionsData = {
    body: MfaToken;
    path?: never;
    query?: never;
    url: '/auth/mfa/options';
};

export type AuthSecondStepOptionsErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_mfa_token`: This login has expired. Log in again.
     */
    401: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthSecondStepOptionsError = AuthSecondStepOptionsErrors[keyof AuthSecondStepOptionsErrors];

export type AuthSecondStepOptionsResponses = {
    /**
     * Success.
     */
    200: CeremonyOptions;
};

export type AuthSecondStepOptionsResponse = AuthSecondStepOptionsResponses[keyof AuthSecondStepOptionsResponses];

export type AuthPasskeyOptionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/passkeys/options';
};

export type AuthPasskeyOptionsErrors = {
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthPasskeyOptionsError = AuthPasskeyOptionsErrors[keyof AuthPasskeyOptionsErrors];

export type AuthPasskeyOptionsResponses = {
    /**
     * Success.
     */
    200: CeremonyOptions;
};

export type AuthPasskeyOptionsResponse = AuthPasskeyOptionsResponses[keyof AuthPasskeyOptionsResponses];

export type AuthLogInWithPasskeyData = {
    body: PasskeyLogin;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/passkeys';
};

export type AuthLogInWithPasskeyErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_credentials`: The email address or the password is wrong.
     */
    401: Problem;
    /**
     * `email_not_verified`: Verify your email address first, with the link or the code in the email that we sent you. `mfa_required`: Enter the code from your authenticator app, or use another factor. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthLogInWithPasskeyError = AuthLogInWithPasskeyErrors[keyof AuthLogInWithPasskeyErrors];

export type AuthLogInWithPasskeyResponses = {
    /**
     * Success.
     */
    200: Tokens;
};

export type AuthLogInWithPasskeyResponse = AuthLogInWithPasskeyResponses[keyof AuthLogInWithPasskeyResponses];

export type AuthReauthenticateData = {
    body: Presence;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/reauthenticate';
};

export type AuthReauthenticateErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthReauthenticateError = AuthReauthenticateErrors[keyof AuthReauthenticateErrors];

export type AuthReauthenticateResponses = {
    /**
     * Success.
     */
    200: BearerToken;
};

export type AuthReauthenticateResponse = AuthReauthenticateResponses[keyof AuthReauthenticateResponses];

export type AuthReauthenticationOptionsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/reauthenticate/options';
};

export type AuthReauthenticationOptionsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthReauthenticationOptionsError = AuthReauthenticationOptionsErrors[keyof AuthReauthenticationOptionsErrors];

export type AuthReauthenticationOptionsResponses = {
    /**
     * Success.
     */
    200: CeremonyOptions;
};

export type AuthReauthenticationOptionsResponse = AuthReauthenticationOptionsResponses[keyof AuthReauthenticationOptionsResponses];

export type UsersListFactorsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/factors';
};

export type UsersListFactorsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListFactorsError = UsersListFactorsErrors[keyof UsersListFactorsErrors];

export type UsersListFactorsResponses = {
    /**
     * Success.
     */
    200: Factors;
};

export type UsersListFactorsResponse = UsersListFactorsResponses[keyof UsersListFactorsResponses];

export type UsersBeginTotpData = {
    /**
     * Body
     */
    body?: NewTotpRequest | null;
    path?: never;
    query?: never;
    url: '/users/me/factors/totp';
};

export type UsersBeginTotpErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersBeginTotpError = UsersBeginTotpErrors[keyof UsersBeginTotpErrors];

export type UsersBeginTotpResponses = {
    /**
     * Created.
     */
    201: NewTotp;
};

export type UsersBeginTotpResponse = UsersBeginTotpResponses[keyof UsersBeginTotpResponses];

export type UsersConfirmTotpData = {
    body: TotpCode;
    path: {
        /**
         * Factor Id
         *
         * One of `GET /users/me/factors`.
         */
        factor_id: string;
    };
    query?: never;
    url: '/users/me/factors/totp/{factor_id}/confirm';
};

export type UsersConfirmTotpErrors = {
    /**
     * `invalid_code`: The code is wrong. Enter the one that your app shows now. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersConfirmTotpError = UsersConfirmTotpErrors[keyof UsersConfirmTotpErrors];

export type UsersConfirmTotpResponses = {
    /**
     * Success.
     */
    200: Confirmed;
};

export type UsersConfirmTotpResponse = UsersConfirmTotpResponses[keyof UsersConfirmTotpResponses];

export type UsersNewPasskeyOptionsData = {
    /**
     * Body
     */
    body?: Presence | null;
    path?: never;
    query?: never;
    url: '/users/me/factors/passkeys/options';
};

export type UsersNewPasskeyOptionsErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersNewPasskeyOptionsError = UsersNewPasskeyOptionsErrors[keyof UsersNewPasskeyOptionsErrors];

export type UsersNewPasskeyOptionsResponses = {
    /**
     * Success.
     */
    200: CeremonyOptions;
};

export type UsersNewPasskeyOptionsResponse = UsersNewPasskeyOptionsResponses[keyof UsersNewPasskeyOptionsResponses];

export type UsersAddPasskeyData = {
    body: NewPasskey;
    path?: never;
    query?: never;
    url: '/users/me/factors/passkeys';
};

export type UsersAddPasskeyErrors = {
    /**
     * `invalid_credential`: The passkey could not be verified. Try again. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersAddPasskeyError = UsersAddPasskeyErrors[keyof UsersAddPasskeyErrors];

export type UsersAddPasskeyResponses = {
    /**
     * Created.
     */
    201: Confirmed;
};

export type UsersAddPasskeyResponse = UsersAddPasskeyResponses[keyof UsersAddPasskeyResponses];

export type UsersRemoveFactorData = {
    /**
     * Body
     */
    body?: Presence | null;
    path: {
        /**
         * Factor Id
         *
         * One of `GET /users/me/factors`.
         */
        factor_id: string;
    };
    query?: never;
    url: '/users/me/factors/{factor_id}';
};

export type UsersRemoveFactorErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_required_by_policy`: Your account must have a second factor. Set up another one before you remove this one. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `last_credential`: This is the only login method of the account. Set a password or link another provider first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersRemoveFactorError = UsersRemoveFactorErrors[keyof UsersRemoveFactorErrors];

export type UsersRemoveFactorResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersRemoveFactorResponse = UsersRemoveFactorResponses[keyof UsersRemoveFactorResponses];

export type UsersRenameFactorData = {
    body: Renamed;
    path: {
        /**
         * Factor Id
         *
         * One of `GET /users/me/factors`.
         */
        factor_id: string;
    };
    query?: never;
    url: '/users/me/factors/{factor_id}';
};

export type UsersRenameFactorErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersRenameFactorError = UsersRenameFactorErrors[keyof UsersRenameFactorErrors];

export type UsersRenameFactorResponses = {
    /**
     * Success.
     */
    200: FactorOut;
};

export type UsersRenameFactorResponse = UsersRenameFactorResponses[keyof UsersRenameFactorResponses];

export type UsersReplaceRecoveryCodesData = {
    /**
     * Body
     */
    body?: Presence | null;
    path?: never;
    query?: never;
    url: '/users/me/recovery-codes';
};

export type UsersReplaceRecoveryCodesErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersReplaceRecoveryCodesError = UsersReplaceRecoveryCodesErrors[keyof UsersReplaceRecoveryCodesErrors];

export type UsersReplaceRecoveryCodesResponses = {
    /**
     * Success.
     */
    200: NewRecoveryCodes;
};

export type UsersReplaceRecoveryCodesResponse = UsersReplaceRecoveryCodesResponses[keyof UsersReplaceRecoveryCodesResponses];

export type UsersListTrustedDevicesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/trusted-devices';
};

export type UsersListTrustedDevicesErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListTrustedDevicesError = UsersListTrustedDevicesErrors[keyof UsersListTrustedDevicesErrors];

export type UsersListTrustedDevicesResponses = {
    /**
     * Success.
     */
    200: TrustedDevices;
};

export type UsersListTrustedDevicesResponse = UsersListTrustedDevicesResponses[keyof UsersListTrustedDevicesResponses];

export type UsersForgetTrustedDeviceData = {
    body?: never;
    path: {
        /**
         * Device Id
         *
         * One of `GET /users/me/trusted-devices`.
         */
        device_id: string;
    };
    query?: never;
    url: '/users/me/trusted-devices/{device_id}';
};

export type UsersForgetTrustedDeviceErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersForgetTrustedDeviceError = UsersForgetTrustedDeviceErrors[keyof UsersForgetTrustedDeviceErrors];

export type UsersForgetTrustedDeviceResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersForgetTrustedDeviceResponse = UsersForgetTrustedDeviceResponses[keyof UsersForgetTrustedDeviceResponses];

export type AdminResetFactorsData = {
    /**
     * Body
     */
    body?: Presence | null;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/factors';
};

export type AdminResetFactorsErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_required_by_policy`: Your account must have a second factor. Set up another one before you remove this one. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminResetFactorsError = AdminResetFactorsErrors[keyof AdminResetFactorsErrors];

export type AdminResetFactorsResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminResetFactorsResponse = AdminResetFactorsResponses[keyof AdminResetFactorsResponses];

export type AdminListUserFactorsData = {
    body?: never;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/factors';
};

export type AdminListUserFactorsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListUserFactorsError = AdminListUserFactorsErrors[keyof AdminListUserFactorsErrors];

export type AdminListUserFactorsResponses = {
    /**
     * Success.
     */
    200: Factors;
};

export type AdminListUserFactorsResponse = AdminListUserFactorsResponses[keyof AdminListUserFactorsResponses];

export type SystemRelatedOriginsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/webauthn';
};

export type SystemRelatedOriginsErrors = {
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
};

export type SystemRelatedOriginsError = SystemRelatedOriginsErrors[keyof SystemRelatedOriginsErrors];

export type SystemRelatedOriginsResponses = {
    /**
     * Success.
     */
    200: RelatedOrigins;
};

export type SystemRelatedOriginsResponse = SystemRelatedOriginsResponses[keyof SystemRelatedOriginsResponses];

export type SystemPasskeyEndpointsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/passkey-endpoints';
};

export type SystemPasskeyEndpointsErrors = {
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
};

export type SystemPasskeyEndpointsError = SystemPasskeyEndpointsErrors[keyof SystemPasskeyEndpointsErrors];

export type SystemPasskeyEndpointsResponses = {
    /**
     * Success.
     */
    200: PasskeyEndpoints;
};

export type SystemPasskeyEndpointsResponse = SystemPasskeyEndpointsResponses[keyof SystemPasskeyEndpointsResponses];

export type AuthSendSecondStepCodeData = {
    body: MfaSms;
    path?: never;
    query?: never;
    url: '/auth/mfa/sms';
};

export type AuthSendSecondStepCodeErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `invalid_mfa_token`: This login has expired. Log in again.
     */
    401: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthSendSecondStepCodeError = AuthSendSecondStepCodeErrors[keyof AuthSendSecondStepCodeErrors];

export type AuthSendSecondStepCodeResponses = {
    /**
     * Accepted.
     */
    202: SmsSent;
};

export type AuthSendSecondStepCodeResponse = AuthSendSecondStepCodeResponses[keyof AuthSendSecondStepCodeResponses];

export type AuthSendReauthenticationCodeData = {
    /**
     * Body
     */
    body?: ReauthenticationSms | null;
    path?: never;
    query?: never;
    url: '/auth/reauthenticate/sms';
};

export type AuthSendReauthenticationCodeErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthSendReauthenticationCodeError = AuthSendReauthenticationCodeErrors[keyof AuthSendReauthenticationCodeErrors];

export type AuthSendReauthenticationCodeResponses = {
    /**
     * Accepted.
     */
    202: SmsSent;
};

export type AuthSendReauthenticationCodeResponse = AuthSendReauthenticationCodeResponses[keyof AuthSendReauthenticationCodeResponses];

export type UsersBeginSmsData = {
    body: NewSmsRequest;
    path?: never;
    query?: never;
    url: '/users/me/factors/sms';
};

export type UsersBeginSmsErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersBeginSmsError = UsersBeginSmsErrors[keyof UsersBeginSmsErrors];

export type UsersBeginSmsResponses = {
    /**
     * Accepted.
     */
    202: FactorId;
};

export type UsersBeginSmsResponse = UsersBeginSmsResponses[keyof UsersBeginSmsResponses];

export type UsersConfirmSmsData = {
    body: TotpCode;
    path: {
        /**
         * Factor Id
         *
         * The `id` that `POST /users/me/factors/sms` returned.
         */
        factor_id: string;
    };
    query?: never;
    url: '/users/me/factors/sms/{factor_id}/confirm';
};

export type UsersConfirmSmsErrors = {
    /**
     * `invalid_code`: The code is wrong. Enter the one that your app shows now. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersConfirmSmsError = UsersConfirmSmsErrors[keyof UsersConfirmSmsErrors];

export type UsersConfirmSmsResponses = {
    /**
     * Success.
     */
    200: Confirmed;
};

export type UsersConfirmSmsResponse = UsersConfirmSmsResponses[keyof UsersConfirmSmsResponses];

export type UsersResendSmsData = {
    body?: never;
    path: {
        /**
         * Factor Id
         *
         * The `id` that `POST /users/me/factors/sms` returned.
         */
        factor_id: string;
    };
    query?: never;
    url: '/users/me/factors/sms/{factor_id}/resend';
};

export type UsersResendSmsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersResendSmsError = UsersResendSmsErrors[keyof UsersResendSmsErrors];

export type UsersResendSmsResponses = {
    /**
     * Accepted.
     */
    202: FactorId;
};

export type UsersResendSmsResponse = UsersResendSmsResponses[keyof UsersResendSmsResponses];

export type AuthRequestMagicLinkData = {
    body: NewLink;
    path?: never;
    query?: never;
    url: '/auth/magic-link';
};

export type AuthRequestMagicLinkErrors = {
    /**
     * `oauth_error`: Login with this provider failed. Start again. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `captcha_required`: The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthRequestMagicLinkError = AuthRequestMagicLinkErrors[keyof AuthRequestMagicLinkErrors];

export type AuthRequestMagicLinkResponses = {
    /**
     * Accepted.
     */
    202: LinkSent;
};

export type AuthRequestMagicLinkResponse = AuthRequestMagicLinkResponses[keyof AuthRequestMagicLinkResponses];

export type AuthConfirmMagicLinkData = {
    body: LinkProof;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/magic-link/confirm';
};

export type AuthConfirmMagicLinkErrors = {
    /**
     * `invalid_token`: The link or code is invalid, expired or already used. Request a new one. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `other_device`: This link or code was requested in another browser. Open the link, or enter the code, in that browser. `account_disabled`: This account has been disabled. `mfa_required`: Enter the code from your authenticator app, or use another factor. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthConfirmMagicLinkError = AuthConfirmMagicLinkErrors[keyof AuthConfirmMagicLinkErrors];

export type AuthConfirmMagicLinkResponses = {
    /**
     * Success.
     */
    200: LoggedIn;
};

export type AuthConfirmMagicLinkResponse = AuthConfirmMagicLinkResponses[keyof AuthConfirmMagicLinkResponses];

export type AuthPasskeySignupOptionsData = {
    body: PasskeySignUpOptions;
    path?: never;
    query?: never;
    url: '/auth/passkeys/signup/options';
};

export type AuthPasskeySignupOptionsErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthPasskeySignupOptionsError = AuthPasskeySignupOptionsErrors[keyof AuthPasskeySignupOptionsErrors];

export type AuthPasskeySignupOptionsResponses = {
    /**
     * Success.
     */
    200: CeremonyOptions;
};

export type AuthPasskeySignupOptionsResponse = AuthPasskeySignupOptionsResponses[keyof AuthPasskeySignupOptionsResponses];

export type AuthSignUpWithPasskeyData = {
    body: PasskeySignUp;
    path?: never;
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/auth/passkeys/signup';
};

export type AuthSignUpWithPasskeyErrors = {
    /**
     * `invalid_credential`: The passkey could not be verified. Try again. `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `captcha_required`: The CAPTCHA token is missing or invalid. Complete the CAPTCHA, then try again. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `email_taken`: An account with this email address already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthSignUpWithPasskeyError = AuthSignUpWithPasskeyErrors[keyof AuthSignUpWithPasskeyErrors];

export type AuthSignUpWithPasskeyResponses = {
    /**
     * Created.
     */
    201: SignedUp;
    /**
     * Except with `EMAIL_VERIFICATION=off`: the same for a new and a registered email address.
     */
    202: SignUpAccepted;
};

export type AuthSignUpWithPasskeyResponse = AuthSignUpWithPasskeyResponses[keyof AuthSignUpWithPasskeyResponses];

export type AuthCaptchaChallengeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/auth/captcha';
};

export type AuthCaptchaChallengeErrors = {
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthCaptchaChallengeError = AuthCaptchaChallengeErrors[keyof AuthCaptchaChallengeErrors];

export type AuthCaptchaChallengeResponses = {
    /**
     * Success.
     */
    200: Challenge;
};

export type AuthCaptchaChallengeResponse = AuthCaptchaChallengeResponses[keyof AuthCaptchaChallengeResponses];

export type AdminListUsersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         *
         * Number of items on a page.
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next_cursor` of the previous page.
         */
        cursor?: string | null;
        /**
         * Query
         *
         * Prefix of an email address, display name or `user_id`. Case is ignored.
         */
        query?: string | null;
        /**
         * Role
         *
         * Only accounts to which this role is assigned directly.
         */
        role?: string | null;
        /**
         * Is Active
         *
         * Only active accounts, or only disabled accounts.
         */
        is_active?: boolean | null;
    };
    url: '/admin/users';
};

export type AdminListUsersErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListUsersError = AdminListUsersErrors[keyof AdminListUsersErrors];

export type AdminListUsersResponses = {
    /**
     * Success.
     */
    200: UserPage;
};

export type AdminListUsersResponse = AdminListUsersResponses[keyof AdminListUsersResponses];

export type AdminInviteUserData = {
    body: NewUser;
    path?: never;
    query?: never;
    url: '/admin/users';
};

export type AdminInviteUserErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `email_taken`: An account with this email address already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminInviteUserError = AdminInviteUserErrors[keyof AdminInviteUserErrors];

export type AdminInviteUserResponses = {
    /**
     * Created.
     */
    201: ManagedUser;
};

export type AdminInviteUserResponse = AdminInviteUserResponses[keyof AdminInviteUserResponses];

export type AdminDeleteUserData = {
    /**
     * Body
     */
    body?: Presence | null;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}';
};

export type AdminDeleteUserErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `last_superuser`: The last active superuser cannot be removed. Create another one first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminDeleteUserError = AdminDeleteUserErrors[keyof AdminDeleteUserErrors];

export type AdminDeleteUserResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminDeleteUserResponse = AdminDeleteUserResponses[keyof AdminDeleteUserResponses];

export type AdminReadUserData = {
    body?: never;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}';
};

export type AdminReadUserErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadUserError = AdminReadUserErrors[keyof AdminReadUserErrors];

export type AdminReadUserResponses = {
    /**
     * Success.
     */
    200: ManagedUser;
};

export type AdminReadUserResponse = AdminReadUserResponses[keyof AdminReadUserResponses];

export type AdminChangeUserData = {
    body: UserChange;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}';
};

export type AdminChangeUserErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `email_taken`: An account with this email address already exists. `last_superuser`: The last active superuser cannot be removed. Create another one first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminChangeUserError = AdminChangeUserErrors[keyof AdminChangeUserErrors];

export type AdminChangeUserResponses = {
    /**
     * Success.
     */
    200: ManagedUser;
};

export type AdminChangeUserResponse = AdminChangeUserResponses[keyof AdminChangeUserResponses];

export type AdminSetUserRolesData = {
    body: RolesOfUser;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/roles';
};

export type AdminSetUserRolesErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `last_superuser`: The last active superuser cannot be removed. Create another one first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminSetUserRolesError = AdminSetUserRolesErrors[keyof AdminSetUserRolesErrors];

export type AdminSetUserRolesResponses = {
    /**
     * Success.
     */
    200: ManagedUser;
};

export type AdminSetUserRolesResponse = AdminSetUserRolesResponses[keyof AdminSetUserRolesResponses];

export type AdminLogoutUserData = {
    body?: never;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: {
        /**
         * Api Keys
         *
         * Whether the API keys of the account end too.
         */
        api_keys?: boolean;
    };
    url: '/admin/users/{user_id}/logout';
};

export type AdminLogoutUserErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminLogoutUserError = AdminLogoutUserErrors[keyof AdminLogoutUserErrors];

export type AdminLogoutUserResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminLogoutUserResponse = AdminLogoutUserResponses[keyof AdminLogoutUserResponses];

export type AdminSendPasswordResetData = {
    /**
     * Body
     */
    body?: Presence | null;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: never;
    url: '/admin/users/{user_id}/reset-password';
};

export type AdminSendPasswordResetErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminSendPasswordResetError = AdminSendPasswordResetErrors[keyof AdminSendPasswordResetErrors];

export type AdminSendPasswordResetResponses = {
    /**
     * Accepted.
     */
    202: Message;
};

export type AdminSendPasswordResetResponse = AdminSendPasswordResetResponses[keyof AdminSendPasswordResetResponses];

export type AdminImpersonateData = {
    body: Impersonate;
    path: {
        /**
         * User Id
         *
         * The account's public id.
         */
        user_id: string;
    };
    query?: {
        /**
         * Use Cookies
         *
         * Set the tokens as `HttpOnly` cookies instead of returning them in the body.
         */
        use_cookies?: boolean;
    };
    url: '/admin/users/{user_id}/impersonate';
};

export type AdminImpersonateErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminImpersonateError = AdminImpersonateErrors[keyof AdminImpersonateErrors];

export type AdminImpersonateResponses = {
    /**
     * Success.
     */
    200: BearerToken;
};

export type AdminImpersonateResponse = AdminImpersonateResponses[keyof AdminImpersonateResponses];

export type AdminListRolesData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/roles';
};

export type AdminListRolesErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListRolesError = AdminListRolesErrors[keyof AdminListRolesErrors];

export type AdminListRolesResponses = {
    /**
     * Success.
     */
    200: Roles;
};

export type AdminListRolesResponse = AdminListRolesResponses[keyof AdminListRolesResponses];

export type AdminMakeRoleData = {
    body: Role;
    path?: never;
    query?: never;
    url: '/admin/roles';
};

export type AdminMakeRoleErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `conflict`: A role with this name already exists.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminMakeRoleError = AdminMakeRoleErrors[keyof AdminMakeRoleErrors];

export type AdminMakeRoleResponses = {
    /**
     * Created.
     */
    201: Role;
};

export type AdminMakeRoleResponse = AdminMakeRoleResponses[keyof AdminMakeRoleResponses];

export type AdminDeleteRoleData = {
    body?: never;
    path: {
        /**
         * Name
         *
         * The role's name.
         */
        name: string;
    };
    query?: never;
    url: '/admin/roles/{name}';
};

export type AdminDeleteRoleErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The role is in use: accounts have it, or another role inherits it.
     */
    409: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminDeleteRoleError = AdminDeleteRoleErrors[keyof AdminDeleteRoleErrors];

export type AdminDeleteRoleResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminDeleteRoleResponse = AdminDeleteRoleResponses[keyof AdminDeleteRoleResponses];

export type AdminReadRoleData = {
    body?: never;
    path: {
        /**
         * Name
         *
         * The role's name.
         */
        name: string;
    };
    query?: never;
    url: '/admin/roles/{name}';
};

export type AdminReadRoleErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadRoleError = AdminReadRoleErrors[keyof AdminReadRoleErrors];

export type AdminReadRoleResponses = {
    /**
     * Success.
     */
    200: Role;
};

export type AdminReadRoleResponse = AdminReadRoleResponses[keyof AdminReadRoleResponses];

export type AdminChangeRoleData = {
    body: RoleChange;
    path: {
        /**
         * Name
         *
         * The role's name.
         */
        name: string;
    };
    query?: never;
    url: '/admin/roles/{name}';
};

export type AdminChangeRoleErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `last_superuser`: The last active superuser cannot be removed. Create another one first.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminChangeRoleError = AdminChangeRoleErrors[keyof AdminChangeRoleErrors];

export type AdminChangeRoleResponses = {
    /**
     * Success.
     */
    200: Role;
};

export type AdminChangeRoleResponse = AdminChangeRoleResponses[keyof AdminChangeRoleResponses];

export type AdminReadAuditData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         *
         * Number of items on a page.
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next_cursor` of the previous page.
         */
        cursor?: string | null;
        /**
         * User Id
         *
         * The affected user.
         */
        user_id?: string | null;
        /**
         * Action
         *
         * The kind of event.
         */
        action?: string | null;
        /**
         * Since
         *
         * Earliest time, in UTC unless it has an offset.
         */
        since?: string | null;
    };
    url: '/admin/audit';
};

export type AdminReadAuditErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadAuditError = AdminReadAuditErrors[keyof AdminReadAuditErrors];

export type AdminReadAuditResponses = {
    /**
     * Success.
     */
    200: EventPage;
};

export type AdminReadAuditResponse = AdminReadAuditResponses[keyof AdminReadAuditResponses];

export type AdminReadStatsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/stats';
};

export type AdminReadStatsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadStatsError = AdminReadStatsErrors[keyof AdminReadStatsErrors];

export type AdminReadStatsResponses = {
    /**
     * Success.
     */
    200: Stats;
};

export type AdminReadStatsResponse = AdminReadStatsResponses[keyof AdminReadStatsResponses];

export type AdminReadFunnelData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Days
         *
         * The number of days, with today.
         */
        days?: number;
    };
    url: '/admin/stats/funnel';
};

export type AdminReadFunnelErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadFunnelError = AdminReadFunnelErrors[keyof AdminReadFunnelErrors];

export type AdminReadFunnelResponses = {
    /**
     * Success.
     */
    200: Funnel;
};

export type AdminReadFunnelResponse = AdminReadFunnelResponses[keyof AdminReadFunnelResponses];

export type UsersListApiKeysData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/api-keys';
};

export type UsersListApiKeysErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListApiKeysError = UsersListApiKeysErrors[keyof UsersListApiKeysErrors];

export type UsersListApiKeysResponses = {
    /**
     * Success.
     */
    200: ApiKeys;
};

export type UsersListApiKeysResponse = UsersListApiKeysResponses[keyof UsersListApiKeysResponses];

export type UsersCreateApiKeyData = {
    body: NewApiKey;
    path?: never;
    query?: never;
    url: '/users/me/api-keys';
};

export type UsersCreateApiKeyErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersCreateApiKeyError = UsersCreateApiKeyErrors[keyof UsersCreateApiKeyErrors];

export type UsersCreateApiKeyResponses = {
    /**
     * Created.
     */
    201: CreatedApiKey;
};

export type UsersCreateApiKeyResponse = UsersCreateApiKeyResponses[keyof UsersCreateApiKeyResponses];

export type UsersDeleteApiKeyData = {
    body?: never;
    path: {
        /**
         * Key Id
         *
         * The key's id.
         */
        key_id: string;
    };
    query?: never;
    url: '/users/me/api-keys/{key_id}';
};

export type UsersDeleteApiKeyErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersDeleteApiKeyError = UsersDeleteApiKeyErrors[keyof UsersDeleteApiKeyErrors];

export type UsersDeleteApiKeyResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersDeleteApiKeyResponse = UsersDeleteApiKeyResponses[keyof UsersDeleteApiKeyResponses];

export type UsersRenameApiKeyData = {
    body: RenamedApiKey;
    path: {
        /**
         * Key Id
         *
         * The key's id.
         */
        key_id: string;
    };
    query?: never;
    url: '/users/me/api-keys/{key_id}';
};

export type UsersRenameApiKeyErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersRenameApiKeyError = UsersRenameApiKeyErrors[keyof UsersRenameApiKeyErrors];

export type UsersRenameApiKeyResponses = {
    /**
     * Success.
     */
    200: ApiKeyOut;
};

export type UsersRenameApiKeyResponse = UsersRenameApiKeyResponses[keyof UsersRenameApiKeyResponses];

export type UsersRotateApiKeyData = {
    /**
     * Body
     */
    body?: ApiKeyRotation | null;
    path: {
        /**
         * Key Id
         *
         * The key's id.
         */
        key_id: string;
    };
    query?: never;
    url: '/users/me/api-keys/{key_id}/rotate';
};

export type UsersRotateApiKeyErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `overloaded`: Too many users are logging in at once. Try again in a moment. `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersRotateApiKeyError = UsersRotateApiKeyErrors[keyof UsersRotateApiKeyErrors];

export type UsersRotateApiKeyResponses = {
    /**
     * Success.
     */
    200: CreatedApiKey;
};

export type UsersRotateApiKeyResponse = UsersRotateApiKeyResponses[keyof UsersRotateApiKeyResponses];

export type AdminListApiKeysOfUsersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         *
         * Number of items on a page.
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next_cursor` of the previous page.
         */
        cursor?: string | null;
        /**
         * User Id
         *
         * Only the keys of this user.
         */
        user_id?: string | null;
    };
    url: '/admin/api-keys';
};

export type AdminListApiKeysOfUsersErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListApiKeysOfUsersError = AdminListApiKeysOfUsersErrors[keyof AdminListApiKeysOfUsersErrors];

export type AdminListApiKeysOfUsersResponses = {
    /**
     * Success.
     */
    200: ManagedApiKeys;
};

export type AdminListApiKeysOfUsersResponse = AdminListApiKeysOfUsersResponses[keyof AdminListApiKeysOfUsersResponses];

export type AdminEndApiKeyData = {
    body?: never;
    path: {
        /**
         * Key Id
         *
         * The key's id.
         */
        key_id: string;
    };
    query?: never;
    url: '/admin/api-keys/{key_id}';
};

export type AdminEndApiKeyErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminEndApiKeyError = AdminEndApiKeyErrors[keyof AdminEndApiKeyErrors];

export type AdminEndApiKeyResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminEndApiKeyResponse = AdminEndApiKeyResponses[keyof AdminEndApiKeyResponses];

export type AdminChangeApiKeyData = {
    body: ApiKeyChange;
    path: {
        /**
         * Key Id
         *
         * The key's id.
         */
        key_id: string;
    };
    query?: never;
    url: '/admin/api-keys/{key_id}';
};

export type AdminChangeApiKeyErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminChangeApiKeyError = AdminChangeApiKeyErrors[keyof AdminChangeApiKeyErrors];

export type AdminChangeApiKeyResponses = {
    /**
     * Success.
     */
    200: ManagedApiKey;
};

export type AdminChangeApiKeyResponse = AdminChangeApiKeyResponses[keyof AdminChangeApiKeyResponses];

export type InternalReadEventsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * After
         *
         * The `next_cursor` of the last page; 0 for the first event.
         */
        after?: number;
        /**
         * Types
         *
         * Only these types, separated by commas. `user.*` stands for all types that begin with `user.`.
         */
        types?: Array<string>;
        /**
         * Limit
         *
         * Maximum number of events.
         */
        limit?: number;
        /**
         * Wait
         *
         * Number of seconds to wait for an event if there is none.
         */
        wait?: number;
    };
    url: '/internal/events';
};

export type InternalReadEventsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `cursor_expired`: Events that follow this cursor are no longer kept. Load all users again, and continue with the new cursor.
     */
    410: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type InternalReadEventsError = InternalReadEventsErrors[keyof InternalReadEventsErrors];

export type InternalReadEventsResponses = {
    /**
     * Success.
     */
    200: FeedPage;
};

export type InternalReadEventsResponse = InternalReadEventsResponses[keyof InternalReadEventsResponses];

export type InternalListUsersData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * After
         *
         * The `next_cursor` of the previous page.
         */
        after?: number;
        /**
         * Limit
         *
         * Number of users on a page.
         */
        limit?: number;
    };
    url: '/internal/users';
};

export type InternalListUsersErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type InternalListUsersError = InternalListUsersErrors[keyof InternalListUsersErrors];

export type InternalListUsersResponses = {
    /**
     * Success.
     */
    200: Snapshot;
};

export type InternalListUsersResponse = InternalListUsersResponses[keyof InternalListUsersResponses];

export type AdminListWebhooksData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/admin/webhooks';
};

export type AdminListWebhooksErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListWebhooksError = AdminListWebhooksErrors[keyof AdminListWebhooksErrors];

export type AdminListWebhooksResponses = {
    /**
     * Success.
     */
    200: Webhooks;
};

export type AdminListWebhooksResponse = AdminListWebhooksResponses[keyof AdminListWebhooksResponses];

export type AdminCreateWebhookData = {
    body: NewWebhook;
    path?: never;
    query?: never;
    url: '/admin/webhooks';
};

export type AdminCreateWebhookErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminCreateWebhookError = AdminCreateWebhookErrors[keyof AdminCreateWebhookErrors];

export type AdminCreateWebhookResponses = {
    /**
     * Created.
     */
    201: CreatedWebhook;
};

export type AdminCreateWebhookResponse = AdminCreateWebhookResponses[keyof AdminCreateWebhookResponses];

export type AdminDeleteWebhookData = {
    body?: never;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}';
};

export type AdminDeleteWebhookErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminDeleteWebhookError = AdminDeleteWebhookErrors[keyof AdminDeleteWebhookErrors];

export type AdminDeleteWebhookResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminDeleteWebhookResponse = AdminDeleteWebhookResponses[keyof AdminDeleteWebhookResponses];

export type AdminReadWebhookData = {
    body?: never;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}';
};

export type AdminReadWebhookErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadWebhookError = AdminReadWebhookErrors[keyof AdminReadWebhookErrors];

export type AdminReadWebhookResponses = {
    /**
     * Success.
     */
    200: Webhook;
};

export type AdminReadWebhookResponse = AdminReadWebhookResponses[keyof AdminReadWebhookResponses];

export type AdminChangeWebhookData = {
    body: WebhookChange;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}';
};

export type AdminChangeWebhookErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminChangeWebhookError = AdminChangeWebhookErrors[keyof AdminChangeWebhookErrors];

export type AdminChangeWebhookResponses = {
    /**
     * Success.
     */
    200: Webhook;
};

export type AdminChangeWebhookResponse = AdminChangeWebhookResponses[keyof AdminChangeWebhookResponses];

export type AdminRotateWebhookSecretData = {
    body?: never;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}/rotate-secret';
};

export type AdminRotateWebhookSecretErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminRotateWebhookSecretError = AdminRotateWebhookSecretErrors[keyof AdminRotateWebhookSecretErrors];

export type AdminRotateWebhookSecretResponses = {
    /**
     * Success.
     */
    200: WebhookSecret;
};

export type AdminRotateWebhookSecretResponse = AdminRotateWebhookSecretResponses[keyof AdminRotateWebhookSecretResponses];

export type AdminTestWebhookData = {
    body?: never;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}/test';
};

export type AdminTestWebhookErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminTestWebhookError = AdminTestWebhookErrors[keyof AdminTestWebhookErrors];

export type AdminTestWebhookResponses = {
    /**
     * Accepted.
     */
    202: unknown;
};

export type AdminListDeliveriesData = {
    body?: never;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: {
        /**
         * Limit
         *
         * Number of items on a page.
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next_cursor` of the previous page.
         */
        cursor?: string | null;
        /**
         * Status
         *
         * Only deliveries with this status.
         */
        status?: 'pending' | 'delivered' | 'failed' | null;
    };
    url: '/admin/webhooks/{webhook_id}/deliveries';
};

export type AdminListDeliveriesErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListDeliveriesError = AdminListDeliveriesErrors[keyof AdminListDeliveriesErrors];

export type AdminListDeliveriesResponses = {
    /**
     * Success.
     */
    200: WebhookDeliveries;
};

export type AdminListDeliveriesResponse = AdminListDeliveriesResponses[keyof AdminListDeliveriesResponses];

export type AdminRetryDeliveryData = {
    body?: never;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
        /**
         * Delivery Id
         *
         * The delivery's id.
         */
        delivery_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}/deliveries/{delivery_id}/retry';
};

export type AdminRetryDeliveryErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminRetryDeliveryError = AdminRetryDeliveryErrors[keyof AdminRetryDeliveryErrors];

export type AdminRetryDeliveryResponses = {
    /**
     * Accepted.
     */
    202: unknown;
};

export type AdminReplayEventsData = {
    body: Replay;
    path: {
        /**
         * Webhook Id
         *
         * The webhook's id.
         */
        webhook_id: number;
    };
    query?: never;
    url: '/admin/webhooks/{webhook_id}/replay';
};

export type AdminReplayEventsErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The resource was changed by another request. Load it again and retry.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReplayEventsError = AdminReplayEventsErrors[keyof AdminReplayEventsErrors];

export type AdminReplayEventsResponses = {
    /**
     * Accepted.
     */
    202: unknown;
};

export type Oauth2TokenData = {
    /**
     * TokenForm
     *
     * The parameters of a token request. Each grant type needs its own; resource may be repeated.
     */
    body: {
        /**
         * Grant Type
         */
        grant_type: 'authorization_code' | 'refresh_token' | 'client_credentials' | 'urn:ietf:params:oauth:grant-type:device_code';
        /**
         * Code
         *
         * With `authorization_code`.
         */
        code?: string | null;
        /**
         * Code Verifier
         *
         * With `authorization_code` (RFC 7636).
         */
        code_verifier?: string | null;
        /**
         * Redirect Uri
         *
         * With `authorization_code`: that of the authorization request.
         */
        redirect_uri?: string | null;
        /**
         * Refresh Token
         *
         * With `refresh_token`.
         */
        refresh_token?: string | null;
        /**
         * Device Code
         *
         * With the device code grant.
         */
        device_code?: string | null;
        /**
         * Scope
         *
         * Fewer scopes than were granted.
         */
        scope?: string | null;
        /**
         * Resource
         *
         * The audience of the access token (RFC 8707).
         */
        resource?: Array<string> | null;
        /**
         * Client Id
         *
         * Without HTTP Basic.
         */
        client_id?: string | null;
        /**
         * Client Secret
         *
         * With `client_secret_post`.
         */
        client_secret?: string | null;
        /**
         * Client Assertion
         *
         * With `private_key_jwt`.
         */
        client_assertion?: string | null;
        /**
         * Client Assertion Type
         *
         * With `private_key_jwt`.
         */
        client_assertion_type?: string | null;
    };
    path?: never;
    query?: never;
    url: '/oauth2/token';
};

export type Oauth2TokenErrors = {
    /**
     * `invalid_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: OAuthProblem;
    /**
     * `invalid_client`: The client is unknown, or its credentials are wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2TokenError = Oauth2TokenErrors[keyof Oauth2TokenErrors];

export type Oauth2TokenResponses = {
    /**
     * Success.
     */
    200: TokenResponse;
};

export type Oauth2TokenResponse = Oauth2TokenResponses[keyof Oauth2TokenResponses];

export type Oauth2PushData = {
    /**
     * AuthorizationForm
     *
     * The parameters of an authorization request, and the authentication of the client.
     */
    body: {
        /**
         * Response Type
         */
        response_type: 'code';
        /**
         * Client Id
         */
        client_id: string;
        /**
         * Redirect Uri
         *
         * May be omitted if the client has only one.
         */
        redirect_uri?: string | null;
        /**
         * Scope
         *
         * By default, all scopes of the client.
         */
        scope?: string | null;
        /**
         * State
         */
        state?: string | null;
        /**
         * Nonce
         *
         * Repeated in the ID token.
         */
        nonce?: string | null;
        /**
         * Code Challenge
         *
         * S256 of the `code_verifier` (RFC 7636).
         */
        code_challenge: string;
        /**
         * Code Challenge Method
         */
        code_challenge_method: 'S256';
        /**
         * Prompt
         *
         * `none`, or any of `login`, `consent` and `select_account`.
         */
        prompt?: string | null;
        /**
         * Max Age
         *
         * Seconds since the last login, at most.
         */
        max_age?: number | null;
        /**
         * Acr Values
         *
         * `aal2` asks for two factors.
         */
        acr_values?: string | null;
        /**
         * Login Hint
         *
         * The email address of the user.
         */
        login_hint?: string | null;
        /**
         * Id Token Hint
         *
         * An earlier ID token of the expected user.
         */
        id_token_hint?: string | null;
        /**
         * Ui Locales
         *
         * The language of the pages.
         */
        ui_locales?: string | null;
        /**
         * Resource
         *
         * The APIs that the client will call (RFC 8707).
         */
        resource?: Array<string> | null;
        /**
         * Dpop Jkt
         *
         * The thumbprint of the key that the code is bound to (RFC 9449).
         */
        dpop_jkt?: string | null;
        /**
         * Client Secret
         *
         * With `client_secret_post`.
         */
        client_secret?: string | null;
    };
    path?: never;
    query?: never;
    url: '/oauth2/par';
};

export type Oauth2PushErrors = {
    /**
     * `invalid_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: OAuthProblem;
    /**
     * `invalid_client`: The client is unknown, or its credentials are wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2PushError = Oauth2PushErrors[keyof Oauth2PushErrors];

export type Oauth2PushResponses = {
    /**
     * Created.
     */
    201: PushedRequest;
};

export type Oauth2PushResponse = Oauth2PushResponses[keyof Oauth2PushResponses];

export type Oauth2GetUserinfoData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/oauth2/userinfo';
};

export type Oauth2GetUserinfoErrors = {
    /**
     * `invalid_token`: The access token is invalid, expired or revoked.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2GetUserinfoError = Oauth2GetUserinfoErrors[keyof Oauth2GetUserinfoErrors];

export type Oauth2GetUserinfoResponses = {
    /**
     * Success.
     */
    200: UserInfo;
};

export type Oauth2GetUserinfoResponse = Oauth2GetUserinfoResponses[keyof Oauth2GetUserinfoResponses];

export type Oauth2PostUserinfoData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/oauth2/userinfo';
};

export type Oauth2PostUserinfoErrors = {
    /**
     * `invalid_token`: The access token is invalid, expired or revoked.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2PostUserinfoError = Oauth2PostUserinfoErrors[keyof Oauth2PostUserinfoErrors];

export type Oauth2PostUserinfoResponses = {
    /**
     * Success.
     */
    200: UserInfo;
};

export type Oauth2PostUserinfoResponse = Oauth2PostUserinfoResponses[keyof Oauth2PostUserinfoResponses];

export type Oauth2ProtectedResourceData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/oauth-protected-resource';
};

export type Oauth2ProtectedResourceErrors = {
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type Oauth2ProtectedResourceError = Oauth2ProtectedResourceErrors[keyof Oauth2ProtectedResourceErrors];

export type Oauth2ProtectedResourceResponses = {
    /**
     * Success.
     */
    200: ProtectedResource;
};

export type Oauth2ProtectedResourceResponse = Oauth2ProtectedResourceResponses[keyof Oauth2ProtectedResourceResponses];

export type Oauth2RegisterData = {
    /**
     * Body
     *
     * The metadata of RFC 7591, section 2.
     */
    body: {
        [key: string]: unknown;
    };
    path?: never;
    query?: never;
    url: '/oauth2/register';
};

export type Oauth2RegisterErrors = {
    /**
     * `invalid_client_metadata`: A field of the client's metadata is not allowed.
     */
    400: OAuthProblem;
    /**
     * `invalid_token`: The registration token is missing or wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The resource does not exist.
     */
    404: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2RegisterError = Oauth2RegisterErrors[keyof Oauth2RegisterErrors];

export type Oauth2RegisterResponses = {
    /**
     * Created.
     */
    201: RegisteredClient;
};

export type Oauth2RegisterResponse = Oauth2RegisterResponses[keyof Oauth2RegisterResponses];

export type Oauth2RemoveRegistrationData = {
    body?: never;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/oauth2/register/{client_id}';
};

export type Oauth2RemoveRegistrationErrors = {
    /**
     * `invalid_client_metadata`: A field of the client's metadata is not allowed.
     */
    400: OAuthProblem;
    /**
     * `invalid_token`: The registration token is missing or wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The resource does not exist.
     */
    404: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2RemoveRegistrationError = Oauth2RemoveRegistrationErrors[keyof Oauth2RemoveRegistrationErrors];

export type Oauth2RemoveRegistrationResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type Oauth2RemoveRegistrationResponse = Oauth2RemoveRegistrationResponses[keyof Oauth2RemoveRegistrationResponses];

export type Oauth2ReadRegistrationData = {
    body?: never;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/oauth2/register/{client_id}';
};

export type Oauth2ReadRegistrationErrors = {
    /**
     * `invalid_client_metadata`: A field of the client's metadata is not allowed.
     */
    400: OAuthProblem;
    /**
     * `invalid_token`: The registration token is missing or wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The resource does not exist.
     */
    404: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2ReadRegistrationError = Oauth2ReadRegistrationErrors[keyof Oauth2ReadRegistrationErrors];

export type Oauth2ReadRegistrationResponses = {
    /**
     * Success.
     */
    200: RegisteredClient;
};

export type Oauth2ReadRegistrationResponse = Oauth2ReadRegistrationResponses[keyof Oauth2ReadRegistrationResponses];

export type Oauth2ChangeRegistrationData = {
    /**
     * Body
     *
     * The metadata of RFC 7591, section 2.
     */
    body: {
        [key: string]: unknown;
    };
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/oauth2/register/{client_id}';
};

export type Oauth2ChangeRegistrationErrors = {
    /**
     * `invalid_client_metadata`: A field of the client's metadata is not allowed.
     */
    400: OAuthProblem;
    /**
     * `invalid_token`: The registration token is missing or wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The resource does not exist.
     */
    404: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2ChangeRegistrationError = Oauth2ChangeRegistrationErrors[keyof Oauth2ChangeRegistrationErrors];

export type Oauth2ChangeRegistrationResponses = {
    /**
     * Success.
     */
    200: RegisteredClient;
};

export type Oauth2ChangeRegistrationResponse = Oauth2ChangeRegistrationResponses[keyof Oauth2ChangeRegistrationResponses];

export type Oauth2AuthorizeDeviceData = {
    /**
     * DeviceForm
     *
     * The parameters of a device that asks for access, and the authentication of the client.
     */
    body: {
        /**
         * Client Id
         */
        client_id: string;
        /**
         * Scope
         *
         * Without it, the default scopes of the client.
         */
        scope?: string | null;
        /**
         * Resource
         *
         * The audience of the access tokens (RFC 8707).
         */
        resource?: Array<string> | null;
        /**
         * Client Secret
         *
         * With `client_secret_post`.
         */
        client_secret?: string | null;
        /**
         * Client Assertion
         *
         * With `private_key_jwt`.
         */
        client_assertion?: string | null;
        /**
         * Client Assertion Type
         *
         * With `private_key_jwt`.
         */
        client_assertion_type?: string | null;
    };
    path?: never;
    query?: never;
    url: '/oauth2/device_authorization';
};

export type Oauth2AuthorizeDeviceErrors = {
    /**
     * `invalid_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: OAuthProblem;
    /**
     * `invalid_client`: The client is unknown, or its credentials are wrong.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2AuthorizeDeviceError = Oauth2AuthorizeDeviceErrors[keyof Oauth2AuthorizeDeviceErrors];

export type Oauth2AuthorizeDeviceResponses = {
    /**
     * Success.
     */
    200: DeviceAuthorization;
};

export type Oauth2AuthorizeDeviceResponse = Oauth2AuthorizeDeviceResponses[keyof Oauth2AuthorizeDeviceResponses];

export type AdminListClientsData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Limit
         *
         * Number of items on a page.
         */
        limit?: number;
        /**
         * Cursor
         *
         * The `next_cursor` of the previous page.
         */
        cursor?: string | null;
        /**
         * Query
         *
         * The beginning of a name.
         */
        query?: string | null;
    };
    url: '/admin/clients';
};

export type AdminListClientsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminListClientsError = AdminListClientsErrors[keyof AdminListClientsErrors];

export type AdminListClientsResponses = {
    /**
     * Success.
     */
    200: Clients;
};

export type AdminListClientsResponse = AdminListClientsResponses[keyof AdminListClientsResponses];

export type AdminCreateClientData = {
    body: ClientFields;
    path?: never;
    query?: never;
    url: '/admin/clients';
};

export type AdminCreateClientErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminCreateClientError = AdminCreateClientErrors[keyof AdminCreateClientErrors];

export type AdminCreateClientResponses = {
    /**
     * Created.
     */
    201: CreatedClient;
};

export type AdminCreateClientResponse = AdminCreateClientResponses[keyof AdminCreateClientResponses];

export type AdminDeleteClientData = {
    body?: never;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/admin/clients/{client_id}';
};

export type AdminDeleteClientErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminDeleteClientError = AdminDeleteClientErrors[keyof AdminDeleteClientErrors];

export type AdminDeleteClientResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type AdminDeleteClientResponse = AdminDeleteClientResponses[keyof AdminDeleteClientResponses];

export type AdminReadClientData = {
    body?: never;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/admin/clients/{client_id}';
};

export type AdminReadClientErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminReadClientError = AdminReadClientErrors[keyof AdminReadClientErrors];

export type AdminReadClientResponses = {
    /**
     * Success.
     */
    200: ClientOut;
};

export type AdminReadClientResponse = AdminReadClientResponses[keyof AdminReadClientResponses];

export type AdminChangeClientData = {
    body: ClientChange;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/admin/clients/{client_id}';
};

export type AdminChangeClientErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: The type of a client cannot be changed. Register a new client.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminChangeClientError = AdminChangeClientErrors[keyof AdminChangeClientErrors];

export type AdminChangeClientResponses = {
    /**
     * Success.
     */
    200: ClientOut;
};

export type AdminChangeClientResponse = AdminChangeClientResponses[keyof AdminChangeClientResponses];

export type AdminRotateClientSecretData = {
    /**
     * Body
     */
    body?: SecretRotation | null;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/admin/clients/{client_id}/rotate-secret';
};

export type AdminRotateClientSecretErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `conflict`: This client has no secret: it is public, or authenticates with a key.
     */
    409: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AdminRotateClientSecretError = AdminRotateClientSecretErrors[keyof AdminRotateClientSecretErrors];

export type AdminRotateClientSecretResponses = {
    /**
     * Success.
     */
    200: CreatedClient;
};

export type AdminRotateClientSecretResponse = AdminRotateClientSecretResponses[keyof AdminRotateClientSecretResponses];

export type UsersListGrantsData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/users/me/grants';
};

export type UsersListGrantsErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersListGrantsError = UsersListGrantsErrors[keyof UsersListGrantsErrors];

export type UsersListGrantsResponses = {
    /**
     * Success.
     */
    200: Grants;
};

export type UsersListGrantsResponse = UsersListGrantsResponses[keyof UsersListGrantsResponses];

export type UsersEndGrantData = {
    body?: never;
    path: {
        /**
         * Client Id
         *
         * The `client_id`.
         */
        client_id: string;
    };
    query?: never;
    url: '/users/me/grants/{client_id}';
};

export type UsersEndGrantErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `mfa_enrolment_required`: Set up a second factor first. `cross_site_request`: State-changing requests that use cookies must come from an allowed origin.
     */
    403: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type UsersEndGrantError = UsersEndGrantErrors[keyof UsersEndGrantErrors];

export type UsersEndGrantResponses = {
    /**
     * Success; there is no body.
     */
    204: void;
};

export type UsersEndGrantResponse = UsersEndGrantResponses[keyof UsersEndGrantResponses];

export type AuthVerifyData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Permission
         *
         * A permission that the user, or the API key, must have.
         */
        permission?: Array<string>;
        /**
         * Role
         *
         * A role that the user must have. An API key has none.
         */
        role?: Array<string>;
        /**
         * Acr
         *
         * `aal2`: the session must have used two factors.
         */
        acr?: Array<'aal1' | 'aal2'>;
        /**
         * Login
         *
         * `redirect`: a browser without a session gets 302 to the hosted login instead of 401.
         */
        login?: Array<string>;
    };
    url: '/auth/verify';
};

export type AuthVerifyErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `forbidden`: Your roles do not allow this. `insufficient_scope`: The scopes of this API key or access token do not allow this, or it requires a login. `reauthentication_required`: Enter your password, or log in again, to confirm that it is you. `mfa_enrolment_required`: Set up a second factor first.
     */
    403: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type AuthVerifyError = AuthVerifyErrors[keyof AuthVerifyErrors];

export type AuthVerifyResponses = {
    /**
     * The request is authenticated. Header values are percent-encoded UTF-8.
     */
    200: unknown;
};

export type Oauth2IntrospectData = {
    /**
     * ReceivedToken
     *
     * A token that a service has received, to be introspected or revoked.
     */
    body: {
        /**
         * Token
         */
        token: string;
        /**
         * Token Type Hint
         *
         * Ignored: the type of a token is detected.
         */
        token_type_hint?: string | null;
    };
    path?: never;
    query?: never;
    url: '/oauth2/introspect';
};

export type Oauth2IntrospectErrors = {
    /**
     * `invalid_client`: Log in first: the access token is missing, invalid or expired.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2IntrospectError = Oauth2IntrospectErrors[keyof Oauth2IntrospectErrors];

export type Oauth2IntrospectResponses = {
    /**
     * Success.
     */
    200: Introspection;
};

export type Oauth2IntrospectResponse = Oauth2IntrospectResponses[keyof Oauth2IntrospectResponses];

export type Oauth2RevokeData = {
    /**
     * ReceivedToken
     *
     * A token that a service has received, to be introspected or revoked.
     */
    body: {
        /**
         * Token
         */
        token: string;
        /**
         * Token Type Hint
         *
         * Ignored: the type of a token is detected.
         */
        token_type_hint?: string | null;
    };
    path?: never;
    query?: never;
    url: '/oauth2/revoke';
};

export type Oauth2RevokeErrors = {
    /**
     * `invalid_client`: Log in first: the access token is missing, invalid or expired.
     */
    401: OAuthProblem;
    /**
     * `invalid_request`: The body is larger than 64 KiB.
     */
    413: OAuthProblem;
    /**
     * `temporarily_unavailable`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: OAuthProblem;
    /**
     * `temporarily_unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: OAuthProblem;
};

export type Oauth2RevokeError = Oauth2RevokeErrors[keyof Oauth2RevokeErrors];

export type Oauth2RevokeResponses = {
    /**
     * Success.
     */
    200: unknown;
};

export type Oauth2JwksData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/jwks.json';
};

export type Oauth2JwksErrors = {
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type Oauth2JwksError = Oauth2JwksErrors[keyof Oauth2JwksErrors];

export type Oauth2JwksResponses = {
    /**
     * Success.
     */
    200: KeySet;
};

export type Oauth2JwksResponse = Oauth2JwksResponses[keyof Oauth2JwksResponses];

export type Oauth2ConfigurationData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/openid-configuration';
};

export type Oauth2ConfigurationErrors = {
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type Oauth2ConfigurationError = Oauth2ConfigurationErrors[keyof Oauth2ConfigurationErrors];

export type Oauth2ConfigurationResponses = {
    /**
     * Success.
     */
    200: Configuration;
};

export type Oauth2ConfigurationResponse = Oauth2ConfigurationResponses[keyof Oauth2ConfigurationResponses];

export type InternalIntrospectData = {
    body: IntrospectionRequest;
    path?: never;
    query?: never;
    url: '/internal/introspect';
};

export type InternalIntrospectErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `body_too_large`: The body is larger than 448 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type InternalIntrospectError = InternalIntrospectErrors[keyof InternalIntrospectErrors];

export type InternalIntrospectResponses = {
    /**
     * Response Internal.Introspect
     *
     * Success.
     */
    200: Introspection | Introspections;
};

export type InternalIntrospectResponse = InternalIntrospectResponses[keyof InternalIntrospectResponses];

export type InternalReadUserData = {
    body?: never;
    path: {
        /**
         * User Id
         */
        user_id: string;
    };
    query?: never;
    url: '/internal/users/{user_id}';
};

export type InternalReadUserErrors = {
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type InternalReadUserError = InternalReadUserErrors[keyof InternalReadUserErrors];

export type InternalReadUserResponses = {
    /**
     * Success.
     */
    200: ManagedUser;
};

export type InternalReadUserResponse = InternalReadUserResponses[keyof InternalReadUserResponses];

export type InternalLookupUsersData = {
    body: Lookup;
    path?: never;
    query?: never;
    url: '/internal/users/lookup';
};

export type InternalLookupUsersErrors = {
    /**
     * `malformed_request`: The body cannot be parsed. Send JSON in UTF-8, or a form where the endpoint requires one.
     */
    400: Problem;
    /**
     * `not_authenticated`: Log in first: the access token is missing, invalid or expired.
     */
    401: Problem;
    /**
     * `body_too_large`: The body is larger than 64 KiB.
     */
    413: Problem;
    /**
     * `unsupported_media_type`: Send the body as JSON, with Content-Type: application/json.
     */
    415: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
    /**
     * `unavailable`: The service is temporarily unavailable. Try again in a moment.
     */
    503: Problem;
};

export type InternalLookupUsersError = InternalLookupUsersErrors[keyof InternalLookupUsersErrors];

export type InternalLookupUsersResponses = {
    /**
     * Success.
     */
    200: Users;
};

export type InternalLookupUsersResponse = InternalLookupUsersResponses[keyof InternalLookupUsersResponses];

export type SystemWelcomeData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/';
};

export type SystemWelcomeErrors = {
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
};

export type SystemWelcomeError = SystemWelcomeErrors[keyof SystemWelcomeErrors];

export type SystemWelcomeResponses = {
    /**
     * Success.
     */
    200: Welcome;
};

export type SystemWelcomeResponse = SystemWelcomeResponses[keyof SystemWelcomeResponses];

export type SystemSecurityContactData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/.well-known/security.txt';
};

export type SystemSecurityContactErrors = {
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
};

export type SystemSecurityContactError = SystemSecurityContactErrors[keyof SystemSecurityContactErrors];

export type SystemSecurityContactResponses = {
    /**
     * Success.
     */
    200: string;
};

export type SystemSecurityContactResponse = SystemSecurityContactResponses[keyof SystemSecurityContactResponses];

export type SystemHealthData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health';
};

export type SystemHealthResponses = {
    /**
     * Success.
     */
    200: Health;
};

export type SystemHealthResponse = SystemHealthResponses[keyof SystemHealthResponses];

export type SystemReadyData = {
    body?: never;
    path?: never;
    query?: never;
    url: '/health/ready';
};

export type SystemReadyErrors = {
    /**
     * The database is unreachable, read-only or foreign, or lacks tables or rights.
     */
    503: Readiness;
};

export type SystemReadyError = SystemReadyErrors[keyof SystemReadyErrors];

export type SystemReadyResponses = {
    /**
     * Success.
     */
    200: Readiness;
};

export type SystemReadyResponse = SystemReadyResponses[keyof SystemReadyResponses];

export type SystemReadMetricsData = {
    body?: never;
    headers?: {
        /**
         * Authorization
         */
        authorization?: string;
    };
    path?: never;
    query?: never;
    url: '/metrics';
};

export type SystemReadMetricsErrors = {
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
};

export type SystemReadMetricsError = SystemReadMetricsErrors[keyof SystemReadMetricsErrors];

export type SystemReadMetricsResponses = {
    /**
     * Success.
     */
    200: string;
};

export type SystemReadMetricsResponse = SystemReadMetricsResponses[keyof SystemReadMetricsResponses];

export type SystemMailboxData = {
    body?: never;
    path?: never;
    query?: {
        /**
         * Format
         */
        format?: 'html' | 'json';
    };
    url: '/dev/mailbox';
};

export type SystemMailboxErrors = {
    /**
     * `not_found`: The resource does not exist.
     */
    404: Problem;
    /**
     * `validation_error`: Some fields are missing or invalid.
     */
    422: Problem;
    /**
     * `rate_limited`: Too many attempts. Wait for the number of seconds in Retry-After, then try again.
     */
    429: Problem;
};

export type SystemMailboxError = SystemMailboxErrors[keyof SystemMailboxErrors];

export type SystemMailboxResponses = {
    /**
     * Response System.Mailbox
     *
     * Success.
     */
    200: Array<SentMail>;
};

export type SystemMailboxResponse = SystemMailboxResponses[keyof SystemMailboxResponses];
