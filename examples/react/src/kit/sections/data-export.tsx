import { service } from "../account";
import { Form } from "../form";
import { Section } from "../section";

/** Download everything that the service stores about the user. */
export function DataExport() {
  const download = async () => {
    const text = JSON.stringify(await service.users.exportMe(), null, 2);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    Object.assign(document.createElement("a"), { href: url, download: "account.json" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser may still be reading it
    return "Your data is downloaded.";
  };
  return (
    <Section title="Your data" id="data" lead="A file with everything that we store about you. It contains no secrets.">
      <Form button="Download your data" look="other" onSubmit={download} />
    </Section>
  );
}
