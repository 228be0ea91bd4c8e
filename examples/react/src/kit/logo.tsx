/** The logo of `--kit-logo` in theme.css. It is decorative: the name of your product is next to it, or in the title. */
export function Logo() {
  return <span className="kit-logo" aria-hidden="true" />;
}
