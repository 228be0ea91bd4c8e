"""The capability record of the hosted pages, which HOSTED_PAGES enables."""

from typing import Any

from core.capability import ANYONE, OWNER, USER, Capability
from settings import groups


def _error_handler() -> Any:
    from hosted_pages import rendering

    return rendering.handle


CAPABILITY = Capability(
    name="hosted_pages",
    enabled=lambda settings: settings.hosted_pages,
    settings=(groups.HostedPagesSettings, groups.BrandSettings),
    routers=("routes.hosted_pages.router", "routes.hosted_account.router", "routes.hosted_factors.router"),
    access={
        "pages.login_page": ANYONE,
        "pages.log_in": ANYONE,
        "pages.signup_page": ANYONE,
        "pages.sign_up": ANYONE,
        "pages.return_to_application": ANYONE,
        "pages.choose_language": ANYONE,
        "pages.continue_login": ANYONE,
        "pages.verify_email_page": ANYONE,
        "pages.verify_email": ANYONE,
        "pages.resend_verification": ANYONE,
        "pages.confirm_email_change_page": ANYONE,
        "pages.confirm_email_change": ANYONE,
        "pages.not_me_page": ANYONE,
        "pages.not_me": ANYONE,
        "pages.secure_account_page": ANYONE,
        "pages.secure_account": ANYONE,
        "pages.undo_email_change_page": ANYONE,
        "pages.undo_email_change": ANYONE,
        "pages.reset_password_page": ANYONE,
        "pages.request_password_reset": ANYONE,
        "pages.accept_invitation_page": ANYONE,
        "pages.set_password": ANYONE,
        "pages.change_password_url": ANYONE,
        "pages.account_page": USER,
        "pages.log_out": USER,
        "pages.log_out_everywhere": USER,
        "pages.end_session": OWNER,
        "pages.profile_page": USER,
        "pages.change_profile": USER,
        "pages.change_language": USER,
        "pages.activity_page": USER,
        "pages.password_page": USER,
        "pages.change_password": USER,
        "pages.email_page": USER,
        "pages.change_email": USER,
        "pages.link_page": USER,
        "pages.link_provider": USER,
        "pages.unlink_page": USER,
        "pages.unlink_provider": USER,
        "pages.export": USER,
        "pages.delete_page": USER,
        "pages.delete": USER,
        "pages.continue_provider_login": ANYONE,
        "pages.log_in_with_passkey": ANYONE,
        "pages.second_step_page": ANYONE,
        "pages.complete_login": ANYONE,
        "pages.factors_page": USER,
        "pages.totp_page": USER,
        "pages.begin_totp": USER,
        "pages.confirm_totp": USER,
        "pages.passkey_page": USER,
        "pages.begin_passkey": USER,
        "pages.add_passkey": USER,
        "pages.factor_name_page": USER,
        "pages.rename_factor": USER,
        "pages.factor_removal_page": USER,
        "pages.remove_factor": USER,
        "pages.recovery_codes_page": USER,
        "pages.replace_recovery_codes": USER,
        "pages.forget_trusted_device": USER,
    },
    error_handler=_error_handler,
)
