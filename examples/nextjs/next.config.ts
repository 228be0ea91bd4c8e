import type { NextConfig } from "next";

const config: NextConfig = {
  transpilePackages: ["credential-client"], // the package contains TypeScript
  turbopack: { root: `${import.meta.dirname}/../..` }, // only because the client is in a folder beside this one
  poweredByHeader: false,
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        // Links in emails carry a token, so no path is sent. With `no-referrer`, forms would fail where scripts are off:
        // browsers then send `Origin: null`, which server actions reject.
        { key: "Referrer-Policy", value: "strict-origin" },
        { key: "X-Content-Type-Options", value: "nosniff" },
      ],
    },
  ],
};

export default config;
