// Marks for the buttons of providers: a tile in the color of the provider, with its first letter. Providers license
// their logos under their own terms; to show one, replace a mark here.
const COLORS: Record<string, string> = {
  google: "#3b78e7",
  facebook: "#1468d6",
  github: "#24292f",
  linkedin: "#0a66c2",
  apple: "#1d1d1f",
};
const OTHERS = ["#5b5bd6", "#0e7c86", "#a8518a", "#b3541e", "#3f7d4e"];

export function ProviderMark({ name, title }: { name: string; title: string }) {
  return (
    <svg className="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      {name === "microsoft" ? <Squares /> : <Tile letter={title.charAt(0).toUpperCase()} color={colorOf(name)} />}
    </svg>
  );
}

function Tile({ letter, color }: { letter: string; color: string }) {
  return (
    <>
      <rect x="0.5" y="0.5" width="19" height="19" rx="5" fill={color} stroke="#fff" strokeOpacity="0.25" />
      <text x="10" y="14.2" textAnchor="middle" fontSize="12" fontWeight="700" fill="#fff">{letter}</text>
    </>
  );
}

function Squares() {
  const colors = ["#e5532d", "#79b21c", "#1f9de0", "#f0b41c"];
  return colors.map((color, index) => (
    <rect key={color} x={index % 2 === 0 ? 1 : 10.5} y={index < 2 ? 1 : 10.5} width="8.5" height="8.5" fill={color} />
  ));
}

/** The color of any other provider, derived from its name. */
function colorOf(name: string): string {
  const sum = [...name].reduce((total, character) => total + character.charCodeAt(0), 0);
  return COLORS[name] ?? OTHERS[sum % OTHERS.length]!;
}

export function PasskeyMark() {
  return (
    <svg className="mark" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" focusable="false">
      <g fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="8" cy="6" r="3.2" />
        <path d="M2 17c0-3.6 2.6-6 6-6 1 0 1.9.2 2.7.6" />
        <circle cx="15" cy="11" r="2.4" />
        <path d="M15 13.4V18l1.5-1.2" />
      </g>
    </svg>
  );
}
