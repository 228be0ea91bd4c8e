"""Define the errors of the OAuth endpoints for clients, whose codes are those of the RFCs."""

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
