// Written by `make clients` from the OpenAPI document: change that.

import { type Client, type Options as Options2, type TDataShape, urlSearchParamsBodySerializer } from './client';
import { client } from './client.gen';
import type { AdminChangeRoleData, AdminChangeRoleErrors, AdminChangeRoleResponses, AdminChangeUserData, AdminChangeUserErrors, AdminChangeUserResponses, AdminDeleteRoleData, AdminDeleteRoleErrors, AdminDeleteRoleResponses, AdminDeleteUserData, AdminDeleteUserErrors, AdminDeleteUserResponses, AdminInviteUserData, AdminInviteUserErrors, AdminInviteUserResponses, AdminListRolesData, AdminListRolesErrors, AdminListRolesResponses, AdminListUsersData, AdminListUsersErrors, AdminListUsersResponses, AdminLogoutUserData, AdminLogoutUserErrors, AdminLogoutUserResponses, AdminMakeRoleData, AdminMakeRoleErrors, AdminMakeRoleResponses, AdminReadAuditData, AdminReadAuditErrors, AdminReadAuditResponses, AdminReadRoleData, AdminReadRoleErrors, AdminReadRoleResponses, AdminReadStatsData, AdminReadStatsErrors, AdminReadStatsResponses, AdminReadUserData, AdminReadUserErrors, AdminReadUserResponses, AdminSendPasswordResetData, AdminSendPasswordResetErrors, AdminSendPasswordResetResponses, AdminSetUserRolesData, AdminSetUserRolesErrors, AdminSetUserRolesResponses, AuthChangePasswordData, AuthChangePasswordErrors, AuthChangePasswordResponses, AuthDisownData, AuthDisownErrors, AuthDisownResponses, AuthLoginData, AuthLoginErrors, AuthLoginResponses, AuthLogoutAllData, AuthLogoutAllErrors, AuthLogoutAllResponses, AuthLogoutData, AuthLogoutErrors, AuthLogoutResponses, AuthRefreshData, AuthRefreshErrors, AuthRefreshResponses, AuthRequestPasswordResetData, AuthRequestPasswordResetErrors, AuthRequestPasswordResetResponses, AuthResendVerificationData, AuthResendVerificationErrors, AuthResendVerificationResponses, AuthResetPasswordData, AuthResetPasswordErrors, AuthResetPasswordResponses, AuthSecureAccountData, AuthSecureAccountErrors, AuthSecureAccountResponses, AuthSignupData, AuthSignupErrors, AuthSignupResponses, AuthTokenData, AuthTokenErrors, AuthTokenResponses, AuthUndoEmailChangeData, AuthUndoEmailChangeErrors, AuthUndoEmailChangeResponses, AuthVerifyEmailData, AuthVerifyEmailErrors, AuthVerifyEmailResponses, InternalIntrospectData, InternalIntrospectErrors, InternalIntrospectResponses, InternalLookupUsersData, InternalLookupUsersErrors, InternalLookupUsersResponses, InternalReadUserData, InternalReadUserErrors, InternalReadUserResponses, Oauth2ConfigurationData, Oauth2ConfigurationErrors, Oauth2ConfigurationResponses, Oauth2IntrospectData, Oauth2IntrospectErrors, Oauth2IntrospectResponses, Oauth2JwksData, Oauth2JwksErrors, Oauth2JwksResponses, Oauth2RevokeData, Oauth2RevokeErrors, Oauth2RevokeResponses, OauthCallbackData, OauthCallbackErrors, OauthCallbackResponses, OauthExchangeData, OauthExchangeErrors, OauthExchangeResponses, OauthLinkProviderData, OauthLinkProviderErrors, OauthLinkProviderResponses, OauthListProvidersData, OauthListProvidersErrors, OauthListProvidersResponses, OauthPostedCallbackData, OauthPostedCallbackErrors, OauthPostedCallbackResponses, OauthStartData, OauthStartErrors, SystemHealthData, SystemHealthResponses, SystemMailboxData, SystemMailboxErrors, SystemMailboxResponses, SystemReadMetricsData, SystemReadMetricsErrors, SystemReadMetricsResponses, SystemReadyData, SystemReadyErrors, SystemReadyResponses, SystemSecurityContactData, SystemSecurityContactErrors, SystemSecurityContactResponses, SystemWelcomeData, SystemWelcomeErrors, SystemWelcomeResponses, UsersChangeEmailData, UsersChangeEmailErrors, UsersChangeEmailResponses, UsersDeleteMeData, UsersDeleteMeErrors, UsersDeleteMeResponses, UsersEndSessionData, UsersEndSessionErrors, UsersEndSessionResponses, UsersExportMeData, UsersExportMeErrors, UsersExportMeResponses, UsersListActivityData, UsersListActivityErrors, UsersListActivityResponses, UsersListAllData, UsersListAllErrors, UsersListAllResponses, UsersListIdentitiesData, UsersListIdentitiesErrors, UsersListIdentitiesResponses, UsersListSessionsData, UsersListSessionsErrors, UsersListSessionsResponses, UsersMeData, UsersMeErrors, UsersMeResponses, UsersReadData, UsersReadErrors, UsersReadResponses, UsersUnlinkProviderData, UsersUnlinkProviderErrors, UsersUnlinkProviderResponses, UsersUpdateMeData, UsersUpdateMeErrors, UsersUpdateMeResponses } from './types.gen';

export type Options<TData extends TDataShape = TDataShape, ThrowOnError extends boolean = boolean> = Options2<TData, ThrowOnError> & {
    /**
     * You can provide a client instance returned by `createClient()` instead of
     * individual options. This might be also useful if you want to implement a
     * custom client.
     */
    client?: Client;
    /**
     * You can pass arbitrary values through the `meta` object. This can be
     * used to access values that aren't defined as part of the SDK function.
     */
    meta?: Record<string, unknown>;
};

class HeyApiClient {
    protected client: Client;
    
    constructor(args?: {
        client?: Client;
    }) {
        this.client = args?.client ?? client;
    }
}

class HeyApiRegistry<T> {
    private readonly defaultKey = 'default';
    
    private readonly instances: Map<string, T> = new Map();
    
    get(key?: string): T {
        const instance = this.instances.get(key ?? this.defaultKey);
        if (!instance) {
            throw new Error(`No SDK client found. Create one with "new Operations()" to fix this error.`);
        }
        return instance;
    }
    
    set(value: T, key?: string): void {
        this.instances.set(key ?? this.defaultKey, value);
    }
}

export class Auth extends HeyApiClient {
    /**
     * Make an account
     *
     * Make an account. Where it may log in at once, the answer holds its tokens.
     */
    public signup<ThrowOnError extends boolean = true>(options: Options<AuthSignupData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSignupResponses, AuthSignupErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/signup',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Log in with address and password
     *
     * Log in with address and password. Whether the address has an account shows neither in the answer nor in its
     * time.
     */
    public login<ThrowOnError extends boolean = true>(options: Options<AuthLoginData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthLoginResponses, AuthLoginErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/login',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Get tokens by an OAuth 2 grant
     *
     * Get tokens by an OAuth 2 grant.
     *
     * The `password` and `refresh_token` grants (RFC 6749), for libraries and for the Authorize button of these pages.
     *
     * Errors are in that document's form: `{"error", "error_description"}`.
     */
    public token<ThrowOnError extends boolean = true>(options: Options<AuthTokenData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthTokenResponses, AuthTokenErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/auth/token',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Exchange the refresh token for a new pair
     *
     * Exchange the refresh token for a new pair.
     *
     * The one just before gets the same answer for a few seconds; an older one ends the session.
     */
    public refresh<ThrowOnError extends boolean = true>(options?: Options<AuthRefreshData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthRefreshResponses, AuthRefreshErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/refresh',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * End this session
     *
     * End this session. Where the access token has expired, show the refresh token in the body.
     */
    public logout<ThrowOnError extends boolean = true>(options?: Options<AuthLogoutData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthLogoutResponses, AuthLogoutErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/logout',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * End all sessions of the account
     *
     * End all sessions of the account.
     */
    public logoutAll<ThrowOnError extends boolean = true>(options?: Options<AuthLogoutAllData, ThrowOnError>) {
        return (options?.client ?? this.client).post<AuthLogoutAllResponses, AuthLogoutAllErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/logout-all',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * Prove an address
     *
     * Prove an address.
     *
     * With the `token` of a link, or with `email` and the 6-digit `code`; confirms a change of address too.
     *
     * Other sessions end; the one whose access token this call carries stays.
     */
    public verifyEmail<ThrowOnError extends boolean = true>(options: Options<AuthVerifyEmailData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthVerifyEmailResponses, AuthVerifyEmailErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/verify-email',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Ask for a new verification mail, which ends the one before
     *
     * Ask for a new verification mail, which ends the one before. The answer is always the same.
     */
    public resendVerification<ThrowOnError extends boolean = true>(options: Options<AuthResendVerificationData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthResendVerificationResponses, AuthResendVerificationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/resend-verification',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Say “this was not me”
     *
     * Say “this was not me”. Deletes an account that somebody made with my address and that never proved it.
     */
    public disown<ThrowOnError extends boolean = true>(options: Options<AuthDisownData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthDisownResponses, AuthDisownErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/disown',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Ask for a link to set a new password
     *
     * Ask for a link to set a new password. The answer is always the same.
     */
    public requestPasswordReset<ThrowOnError extends boolean = true>(options: Options<AuthRequestPasswordResetData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthRequestPasswordResetResponses, AuthRequestPasswordResetErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reset-password/request',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set a new password with the token of a link
     *
     * Set a new password with the token of a link. Every session and every other open link ends.
     */
    public resetPassword<ThrowOnError extends boolean = true>(options: Options<AuthResetPasswordData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthResetPasswordResponses, AuthResetPasswordErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/reset-password/confirm',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * End everything that opens the account beside its password
     *
     * End everything that opens the account beside its password. With the `token` of the email after a password reset.
     *
     * Every session, linked provider and open link ends.
     */
    public secureAccount<ThrowOnError extends boolean = true>(options: Options<AuthSecureAccountData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthSecureAccountResponses, AuthSecureAccountErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/secure-account',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Set the email address back
     *
     * Set the email address back. With the `token` of the email that the old address got; valid for 7 days.
     *
     * Every session ends, and so does what was added since the change: linked providers, and a new password.
     */
    public undoEmailChange<ThrowOnError extends boolean = true>(options: Options<AuthUndoEmailChangeData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthUndoEmailChangeResponses, AuthUndoEmailChangeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/undo-email-change',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Replace the password
     *
     * Replace the password. This session stays, every other one and every open link ends, and a mail tells the
     * owner.
     */
    public changePassword<ThrowOnError extends boolean = true>(options: Options<AuthChangePasswordData, ThrowOnError>) {
        return (options.client ?? this.client).post<AuthChangePasswordResponses, AuthChangePasswordErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/auth/change-password',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
}

export class Users extends HeyApiClient {
    /**
     * Delete the account with everything that is held on the person, at once
     *
     * Delete the account with everything that is held on the person, at once.
     */
    public deleteMe<ThrowOnError extends boolean = true>(options?: Options<UsersDeleteMeData, ThrowOnError>) {
        return (options?.client ?? this.client).delete<UsersDeleteMeResponses, UsersDeleteMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options?.headers
            }
        });
    }
    
    /**
     * The account behind the access token
     *
     * The account behind the access token.
     */
    public me<ThrowOnError extends boolean = true>(options?: Options<UsersMeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersMeResponses, UsersMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me',
            ...options
        });
    }
    
    /**
     * Change the display name
     *
     * Change the display name.
     */
    public updateMe<ThrowOnError extends boolean = true>(options: Options<UsersUpdateMeData, ThrowOnError>) {
        return (options.client ?? this.client).patch<UsersUpdateMeResponses, UsersUpdateMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Ask to move to another address
     *
     * Ask to move to another address.
     *
     * Nothing changes until the link that it gets is confirmed with `POST /auth/verify-email`.
     */
    public changeEmail<ThrowOnError extends boolean = true>(options: Options<UsersChangeEmailData, ThrowOnError>) {
        return (options.client ?? this.client).post<UsersChangeEmailResponses, UsersChangeEmailErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/email',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The devices on which the account is logged in, newest first
     *
     * The devices on which the account is logged in, newest first.
     */
    public listSessions<ThrowOnError extends boolean = true>(options?: Options<UsersListSessionsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListSessionsResponses, UsersListSessionsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/sessions',
            ...options
        });
    }
    
    /**
     * Log another device out
     *
     * Log another device out.
     */
    public endSession<ThrowOnError extends boolean = true>(options: Options<UsersEndSessionData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersEndSessionResponses, UsersEndSessionErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/sessions/{session_id}',
            ...options
        });
    }
    
    /**
     * What happened to the account, newest first
     *
     * What happened to the account, newest first.
     */
    public listActivity<ThrowOnError extends boolean = true>(options?: Options<UsersListActivityData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListActivityResponses, UsersListActivityErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/activity',
            ...options
        });
    }
    
    /**
     * Everything that is held on the person, by section
     *
     * Everything that is held on the person, by section. No secret is in it.
     */
    public exportMe<ThrowOnError extends boolean = true>(options?: Options<UsersExportMeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersExportMeResponses, UsersExportMeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/export',
            ...options
        });
    }
    
    /**
     * All accounts as one list, oldest first
     *
     * All accounts as one list, oldest first. Needs `users:read`. `GET /admin/users` has pages and a search.
     */
    public listAll<ThrowOnError extends boolean = true>(options?: Options<UsersListAllData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListAllResponses, UsersListAllErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users',
            ...options
        });
    }
    
    /**
     * One account by its `id` or `user_id`
     *
     * One account by its `id` or `user_id`. Needs `users:read`, but for one's own.
     */
    public read<ThrowOnError extends boolean = true>(options: Options<UsersReadData, ThrowOnError>) {
        return (options.client ?? this.client).get<UsersReadResponses, UsersReadErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/{user_id}',
            ...options
        });
    }
    
    /**
     * The providers that are linked to the account, the first one first
     *
     * The providers that are linked to the account, the first one first.
     */
    public listIdentities<ThrowOnError extends boolean = true>(options?: Options<UsersListIdentitiesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<UsersListIdentitiesResponses, UsersListIdentitiesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/identities',
            ...options
        });
    }
    
    /**
     * Take a provider off the account
     *
     * Take a provider off the account. The last way into it stays.
     */
    public unlinkProvider<ThrowOnError extends boolean = true>(options: Options<UsersUnlinkProviderData, ThrowOnError>) {
        return (options.client ?? this.client).delete<UsersUnlinkProviderResponses, UsersUnlinkProviderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/users/me/identities/{provider}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
}

export class Oauth extends HeyApiClient {
    /**
     * With whom one may sign in here
     *
     * With whom one may sign in here.
     */
    public listProviders<ThrowOnError extends boolean = true>(options?: Options<OauthListProvidersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<OauthListProvidersResponses, OauthListProvidersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/providers',
            ...options
        });
    }
    
    /**
     * Turn the `code` with which a login returned into tokens
     *
     * Turn the `code` with which a login returned into tokens. It lives for 60 seconds and works once.
     */
    public exchange<ThrowOnError extends boolean = true>(options: Options<OauthExchangeData, ThrowOnError>) {
        return (options.client ?? this.client).post<OauthExchangeResponses, OauthExchangeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/exchange',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Sign in with a provider
     *
     * Sign in with a provider. Lead the browser here, as a link and not as a call of a script.
     *
     * It comes back to `redirect_to` with a one-time `?code=` for `POST /oauth/exchange`, or with `?error=<code>`. Without
     * a `redirect_to` the callback answers with the tokens.
     */
    public start<ThrowOnError extends boolean = true>(options: Options<OauthStartData, ThrowOnError>) {
        return (options.client ?? this.client).get<unknown, OauthStartErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/{provider}',
            ...options
        });
    }
    
    /**
     * Link a provider to one's own account
     *
     * Link a provider to one's own account.
     *
     * Lead the browser to the `authorization_url`. Call it with credentials included, for its cookie.
     */
    public linkProvider<ThrowOnError extends boolean = true>(options: Options<OauthLinkProviderData, ThrowOnError>) {
        return (options.client ?? this.client).post<OauthLinkProviderResponses, OauthLinkProviderErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/{provider}/link',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Where a provider sends the browser back to
     *
     * Where a provider sends the browser back to. Nobody else calls this.
     */
    public callback<ThrowOnError extends boolean = true>(options: Options<OauthCallbackData, ThrowOnError>) {
        return (options.client ?? this.client).get<OauthCallbackResponses, OauthCallbackErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/oauth/{provider}/callback',
            ...options
        });
    }
    
    /**
     * The same for Apple, which sends a form
     *
     * The same for Apple, which sends a form.
     */
    public postedCallback<ThrowOnError extends boolean = true>(options: Options<OauthPostedCallbackData, ThrowOnError>) {
        return (options.client ?? this.client).post<OauthPostedCallbackResponses, OauthPostedCallbackErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth/{provider}/callback',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
}

export class Admin extends HeyApiClient {
    /**
     * Search accounts, newest first
     *
     * Search accounts, newest first. Needs `users:read`.
     *
     * Pages stay as they are while people sign up: each one begins after the last account of the one before.
     */
    public listUsers<ThrowOnError extends boolean = true>(options?: Options<AdminListUsersData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListUsersResponses, AdminListUsersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users',
            ...options
        });
    }
    
    /**
     * Make an account with no password, and mail its owner a link to choose one
     *
     * Make an account with no password, and mail its owner a link to choose one. Needs `users:write`.
     *
     * The token of the link goes to `POST /auth/reset-password/confirm`.
     */
    public inviteUser<ThrowOnError extends boolean = true>(options: Options<AdminInviteUserData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminInviteUserResponses, AdminInviteUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete an account with everything that is stored about the user
     *
     * Delete an account with everything that is stored about the user. Needs `users:write`, and re-authentication.
     */
    public deleteUser<ThrowOnError extends boolean = true>(options: Options<AdminDeleteUserData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminDeleteUserResponses, AdminDeleteUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * One account
     *
     * One account. Needs `users:read`.
     */
    public readUser<ThrowOnError extends boolean = true>(options: Options<AdminReadUserData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminReadUserResponses, AdminReadUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}',
            ...options
        });
    }
    
    /**
     * Change name, address, and whether the account is active and verified
     *
     * Change name, address, and whether the account is active and verified. Needs `users:write`.
     *
     * Another address counts as not proven; its owner hears of it at both, and one's own is not changed here. A disabled
     * account loses its sessions and links.
     */
    public changeUser<ThrowOnError extends boolean = true>(options: Options<AdminChangeUserData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeUserResponses, AdminChangeUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Give an account these roles and no others
     *
     * Give an account these roles and no others. Needs `users:write`, and every permission that the roles have.
     */
    public setUserRoles<ThrowOnError extends boolean = true>(options: Options<AdminSetUserRolesData, ThrowOnError>) {
        return (options.client ?? this.client).put<AdminSetUserRolesResponses, AdminSetUserRolesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/roles',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * End every session of an account
     *
     * End every session of an account. Needs `users:write`.
     */
    public logoutUser<ThrowOnError extends boolean = true>(options: Options<AdminLogoutUserData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminLogoutUserResponses, AdminLogoutUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/logout',
            ...options
        });
    }
    
    /**
     * Mail the owner a link to set a new password, which nobody else gets to see
     *
     * Mail the owner a link to set a new password, which nobody else gets to see. Needs `users:write`.
     */
    public sendPasswordReset<ThrowOnError extends boolean = true>(options: Options<AdminSendPasswordResetData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminSendPasswordResetResponses, AdminSendPasswordResetErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/users/{user_id}/reset-password',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Every role, the built-in ones first
     *
     * Every role, the built-in ones first. Needs `roles:read`.
     */
    public listRoles<ThrowOnError extends boolean = true>(options?: Options<AdminListRolesData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminListRolesResponses, AdminListRolesErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles',
            ...options
        });
    }
    
    /**
     * Make a role
     *
     * Make a role. Needs `roles:write`, and every permission that the role has.
     */
    public makeRole<ThrowOnError extends boolean = true>(options: Options<AdminMakeRoleData, ThrowOnError>) {
        return (options.client ?? this.client).post<AdminMakeRoleResponses, AdminMakeRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * Delete a role that nobody has
     *
     * Delete a role that nobody has. Neither an account nor another role; a built-in one stays. Needs `roles:write`.
     */
    public deleteRole<ThrowOnError extends boolean = true>(options: Options<AdminDeleteRoleData, ThrowOnError>) {
        return (options.client ?? this.client).delete<AdminDeleteRoleResponses, AdminDeleteRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles/{name}',
            ...options
        });
    }
    
    /**
     * One role
     *
     * One role. Needs `roles:read`.
     */
    public readRole<ThrowOnError extends boolean = true>(options: Options<AdminReadRoleData, ThrowOnError>) {
        return (options.client ?? this.client).get<AdminReadRoleResponses, AdminReadRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles/{name}',
            ...options
        });
    }
    
    /**
     * Change a role for everybody who has it
     *
     * Change a role for everybody who has it.
     *
     * From their next request on; a built-in one stays. Needs `roles:write`, and every permission that the role has and
     * gets.
     */
    public changeRole<ThrowOnError extends boolean = true>(options: Options<AdminChangeRoleData, ThrowOnError>) {
        return (options.client ?? this.client).patch<AdminChangeRoleResponses, AdminChangeRoleErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/roles/{name}',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * The trail, newest first
     *
     * The trail, newest first. Needs `audit:read`.
     */
    public readAudit<ThrowOnError extends boolean = true>(options?: Options<AdminReadAuditData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminReadAuditResponses, AdminReadAuditErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/audit',
            ...options
        });
    }
    
    /**
     * Count accounts and sessions
     *
     * Count accounts and sessions. And the sign-ups and logins of the last 30 days. Needs `users:read`.
     */
    public readStats<ThrowOnError extends boolean = true>(options?: Options<AdminReadStatsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<AdminReadStatsResponses, AdminReadStatsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/admin/stats',
            ...options
        });
    }
}

export class Oauth2 extends HeyApiClient {
    /**
     * Introspect an access token: whether it is valid now, and whose it is (RFC 7662)
     *
     * Introspect an access token: whether it is valid now, and whose it is (RFC 7662).
     *
     * Authenticate with the service token as a bearer token, or as the secret of any OAuth client: with HTTP Basic, or as
     * `client_secret` in the form.
     */
    public introspect<ThrowOnError extends boolean = true>(options: Options<Oauth2IntrospectData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2IntrospectResponses, Oauth2IntrospectErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/introspect',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * Revoke the session of an access or refresh token (RFC 7009)
     *
     * Revoke the session of an access or refresh token (RFC 7009). An unknown token gets 200 too.
     *
     * Authenticate as for introspection.
     */
    public revoke<ThrowOnError extends boolean = true>(options: Options<Oauth2RevokeData, ThrowOnError>) {
        return (options.client ?? this.client).post<Oauth2RevokeResponses, Oauth2RevokeErrors, ThrowOnError, 'data'>({
            ...urlSearchParamsBodySerializer,
            responseStyle: 'data',
            url: '/oauth2/revoke',
            ...options,
            headers: {
                'Content-Type': 'application/x-www-form-urlencoded',
                ...options.headers
            }
        });
    }
    
    /**
     * The public keys that verify access tokens
     *
     * The public keys that verify access tokens. RFC 7517; none for HS256, whose secret is shared by hand.
     */
    public jwks<ThrowOnError extends boolean = true>(options?: Options<Oauth2JwksData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2JwksResponses, Oauth2JwksErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/jwks.json',
            ...options
        });
    }
    
    /**
     * Get the URLs of the keys and of the OAuth 2 endpoints (RFC 8414)
     *
     * Get the URLs of the keys and of the OAuth 2 endpoints (RFC 8414).
     *
     * The same document is at `/.well-known/oauth-authorization-server`.
     */
    public configuration<ThrowOnError extends boolean = true>(options?: Options<Oauth2ConfigurationData, ThrowOnError>) {
        return (options?.client ?? this.client).get<Oauth2ConfigurationResponses, Oauth2ConfigurationErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/openid-configuration',
            ...options
        });
    }
}

export class Internal extends HeyApiClient {
    /**
     * Whether an access token is good now, and whose it is (RFC 7662)
     *
     * Whether an access token is good now, and whose it is (RFC 7662). Its session and account are looked up.
     */
    public introspect<ThrowOnError extends boolean = true>(options: Options<InternalIntrospectData, ThrowOnError>) {
        return (options.client ?? this.client).post<InternalIntrospectResponses, InternalIntrospectErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/introspect',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
    
    /**
     * One account by its `user_id`
     *
     * One account by its `user_id`.
     */
    public readUser<ThrowOnError extends boolean = true>(options: Options<InternalReadUserData, ThrowOnError>) {
        return (options.client ?? this.client).get<InternalReadUserResponses, InternalReadUserErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/users/{user_id}',
            ...options
        });
    }
    
    /**
     * The accounts with these ids or addresses, 500 at most, all together
     *
     * The accounts with these ids or addresses, 500 at most, all together. Whoever is unknown is left out.
     */
    public lookupUsers<ThrowOnError extends boolean = true>(options: Options<InternalLookupUsersData, ThrowOnError>) {
        return (options.client ?? this.client).post<InternalLookupUsersResponses, InternalLookupUsersErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/internal/users/lookup',
            ...options,
            headers: {
                'Content-Type': 'application/json',
                ...options.headers
            }
        });
    }
}

export class System extends HeyApiClient {
    /**
     * Which service this is
     *
     * Which service this is. A page for a browser, which asks for `text/html`.
     */
    public welcome<ThrowOnError extends boolean = true>(options?: Options<SystemWelcomeData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemWelcomeResponses, SystemWelcomeErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/',
            ...options
        });
    }
    
    /**
     * Whom to tell of a vulnerability (RFC 9116)
     *
     * Whom to tell of a vulnerability (RFC 9116). Only where SECURITY_CONTACT is set.
     */
    public securityContact<ThrowOnError extends boolean = true>(options?: Options<SystemSecurityContactData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemSecurityContactResponses, SystemSecurityContactErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/.well-known/security.txt',
            ...options
        });
    }
    
    /**
     * Whether the process lives
     *
     * Whether the process lives. For whoever restarts it.
     */
    public health<ThrowOnError extends boolean = true>(options?: Options<SystemHealthData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemHealthResponses, unknown, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/health',
            ...options
        });
    }
    
    /**
     * Whether it can serve
     *
     * Whether it can serve. `degraded` means that people are served, but something beside the database is out of
     * reach.
     */
    public ready<ThrowOnError extends boolean = true>(options?: Options<SystemReadyData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemReadyResponses, SystemReadyErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/health/ready',
            ...options
        });
    }
    
    /**
     * What is counted, for Prometheus, over all workers
     *
     * What is counted, for Prometheus, over all workers.
     *
     * In production only with `Authorization: Bearer <METRICS_TOKEN>`.
     */
    public readMetrics<ThrowOnError extends boolean = true>(options?: Options<SystemReadMetricsData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemReadMetricsResponses, SystemReadMetricsErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/metrics',
            ...options
        });
    }
    
    /**
     * The mails that would have gone out
     *
     * The mails that would have gone out.
     *
     * Newest first, as a page or (`?format=json`) as JSON; only in development with no mail server.
     */
    public mailbox<ThrowOnError extends boolean = true>(options?: Options<SystemMailboxData, ThrowOnError>) {
        return (options?.client ?? this.client).get<SystemMailboxResponses, SystemMailboxErrors, ThrowOnError, 'data'>({
            responseStyle: 'data',
            url: '/dev/mailbox',
            ...options
        });
    }
}

export class Operations extends HeyApiClient {
    public static readonly __registry = new HeyApiRegistry<Operations>();
    
    constructor(args?: {
        client?: Client;
        key?: string;
    }) {
        super(args);
        Operations.__registry.set(this, args?.key);
    }
    
    private _auth?: Auth;
    get auth(): Auth {
        return this._auth ??= new Auth({ client: this.client });
    }
    
    private _users?: Users;
    get users(): Users {
        return this._users ??= new Users({ client: this.client });
    }
    
    private _oauth?: Oauth;
    get oauth(): Oauth {
        return this._oauth ??= new Oauth({ client: this.client });
    }
    
    private _admin?: Admin;
    get admin(): Admin {
        return this._admin ??= new Admin({ client: this.client });
    }
    
    private _oauth2?: Oauth2;
    get oauth2(): Oauth2 {
        return this._oauth2 ??= new Oauth2({ client: this.client });
    }
    
    private _internal?: Internal;
    get internal(): Internal {
        return this._internal ??= new Internal({ client: this.client });
    }
    
    private _system?: System;
    get system(): System {
        return this._system ??= new System({ client: this.client });
    }
}
