import type { NextConfig } from "next";

const config: NextConfig = {
  transpilePackages: ["credential-client"], // the package contains TypeScript
  turbopack: { root: `${import.meta.dirname}/../..` }, // only needed because the client is in another folder of this repository
  poweredByHeader: false,
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        // Links in emails contain a token, so no path is sent. With `no-referrer`, forms would fail without JavaScript:
        // browsers then send `Origin: null`, which server actions reject.
        { key: "Referrer-Policy", value: "strict-origin" },
        { key: "X-Content-Type-Options", value: "nosniff" },
      ],
    },
  ],
};

export default config;
