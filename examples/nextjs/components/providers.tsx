import { listProviders } from "../lib/providers";

/** A link to each provider. Plain links: the browser leaves this site. */
export async function Providers() {
  const providers = await listProviders();
  if (providers.length === 0) return null;
  return (
    <div className="providers" role="group" aria-label="Other login methods">
      <p className="or">or</p>
      {providers.map(({ name, title }) => <a key={name} className="button secondary" href={`/oauth/${name}`}>Continue with {title}</a>)}
    </div>
  );
}
