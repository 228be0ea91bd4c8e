"""Define the errors of the OAuth endpoints for clients, whose codes are those of the RFCs."""

from typing import Self

import errors


class OAuthProviderError(errors.ServiceError):
    """An error of an OAuth endpoint for clients."""

    code = "invalid_request"

    def __init_subclass__(cls) -> None:
        """Use the code where RFC 6749 defines the errors, too."""
        super().__init_subclass__()
        cls.oauth = cls.code


class InvalidOAuthRequest(OAuthProviderError):
    code, detail = "invalid_request", "A parameter is missing, repeated or invalid."


class InvalidClient(OAuthProviderError):
    status, code, detail = 401, "invalid_client", "The client is unknown, or its credentials are wrong."


class InvalidClientDocument(OAuthProviderError):
    """A client ID metadata document that cannot be fetched or is invalid."""

    code, detail = "invalid_client", "The application cannot be verified: its metadata document is missing or invalid."


class InvalidGrant(OAuthProviderError):
    code, detail = "invalid_grant", "The code or refresh token is invalid, expired, already used, or was revoked."
    keeps_work = True  # a second use ends the tokens


class UnauthorizedClient(OAuthProviderError):
    code, detail = "unauthorized_client", "The client is not registered for this grant type."


class UnsupportedClientGrant(OAuthProviderError):
    code, detail = "unsupported_grant_type", "This grant type is not supported."


class InvalidScope(OAuthProviderError):
    code, detail = "invalid_scope", "The client may not request these scopes."


class InvalidTarget(OAuthProviderError):
    code, detail = "invalid_target", "The client may not request tokens for this resource."


class InvalidRequestUri(OAuthProviderError):
    code, detail = "invalid_request_uri", "The request_uri is unknown, expired or already used."


class RequestNotSupported(OAuthProviderError):
    code, detail = "request_not_supported", "The parameter request is not supported."


class UnsupportedResponseType(OAuthProviderError):
    code, detail = "unsupported_response_type", "The response_type must be code."


class AccessDenied(OAuthProviderError):
    code, detail = "access_denied", "The user did not allow this."
    keeps_work = True


class LoginRequired(OAuthProviderError):
    code, detail = "login_required", "The user must log in."


class ConsentRequired(OAuthProviderError):
    code, detail = "consent_required", "The user must give consent."


class InteractionRequired(OAuthProviderError):
    code, detail = "interaction_required", "The user must set up a second factor."


class InvalidBearer(OAuthProviderError):
    """An access token that does not open a resource (RFC 6750, section 3.1)."""

    status, code, detail = 401, "invalid_token", "The access token is invalid, expired or revoked."
    challenge = 'Bearer error="invalid_token"'


class InsufficientClientScope(OAuthProviderError):
    status, code, detail = 403, "insufficient_scope", "The access token does not have the scope that this needs."
    challenge = 'Bearer error="insufficient_scope"'


class MissingBearer(OAuthProviderError):
    status, code, detail = 401, "invalid_request", "Send an access token."
    challenge = "Bearer"


class DpopError(OAuthProviderError):
    """A DPoP proof that is not accepted (RFC 9449)."""

    def of_resource(self) -> Self:
        """Return the error for a resource, which rejects the access token (section 7.1)."""
        self.status, self.challenge = 401, f'DPoP error="{self.code}", algs="ES256 EdDSA"'
        return self


class InvalidDpopProof(DpopError):
    code, detail = "invalid_dpop_proof", "The DPoP proof is missing, invalid, or was already used."


class UseDpopNonce(DpopError):
    code, detail = "use_dpop_nonce", "The DPoP proof must contain the nonce of the DPoP-Nonce header."

    def __init__(self, nonce: str) -> None:
        super().__init__()
        self.headers = {"DPoP-Nonce": nonce}


class InvalidRedirectUri(OAuthProviderError):
    """A redirect URI that cannot be registered (RFC 7591, section 3.2.2)."""

    code, detail = "invalid_redirect_uri", "A redirect URI is missing or not allowed."


class InvalidClientMetadata(OAuthProviderError):
    """Metadata that cannot be registered (RFC 7591, section 3.2.2)."""

    code, detail = "invalid_client_metadata", "A field of the client's metadata is not allowed."


class InvalidRegistrationToken(OAuthProviderError):
    """The registration of a client needs a token (RFC 7591, section 3; RFC 7592, section 2)."""

    status, code, detail = 401, "invalid_token", "The registration token is missing or wrong."
    challenge = 'Bearer error="invalid_token"'


class AuthorizationPending(OAuthProviderError):
    """The user has not yet answered (RFC 8628, section 3.5)."""

    code, detail = "authorization_pending", "The user has not yet allowed or declined the access."


class SlowDown(OAuthProviderError):
    code, detail = "slow_down", "The client asks too often. Wait five seconds longer between requests."
    keeps_work = True


class WrongUserCode(OAuthProviderError):
    """A code that no device shows, or whose device no longer waits."""

    code, detail = "invalid_user_code", "This code is wrong or has expired. Enter the code that your device shows now."
    keeps_work = True


class ExpiredDeviceCode(OAuthProviderError):
    code, detail = "expired_token", "The device code has expired."
