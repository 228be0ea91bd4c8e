import { useUser } from "./account";
import { Deletion } from "./sections/deletion";
import { Devices } from "./sections/devices";
import { EmailAddress } from "./sections/email-address";
import { DataExport } from "./sections/data-export";
import { LoginMethods } from "./sections/login-methods";
import { Password } from "./sections/password";
import { Profile } from "./sections/profile";
import { SecondFactors } from "./sections/second-factors";
import { Screen } from "./screen";

const SECTIONS = [
  ["profile", "Profile"],
  ["email", "Email address"],
  ["security", "Password and security"],
  ["devices", "Devices"],
  ["data", "Your data"],
] as const;

/** The account page of the current user. You can also use each section alone, on your own page. */
export function AccountPage() {
  const user = useUser();
  return (
    <Screen title={`Hello, ${user.username}`} lead="Your profile, and how you log in." wide>
      <div className="columns">
        <nav aria-label="Your account">
          <ul>{SECTIONS.map(([id, title]) => <li key={id}><a href={`#${id}`}>{title}</a></li>)}</ul>
        </nav>
        <div>
          <Profile />
          <EmailAddress />
          <Password />
          <SecondFactors />
          <LoginMethods />
          <Devices />
          <DataExport />
          <Deletion />
        </div>
      </div>
    </Screen>
  );
}
