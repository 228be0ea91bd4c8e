import type { NextConfig } from "next";

const config: NextConfig = {
  transpilePackages: ["credential-client"], // the package contains TypeScript
  turbopack: { root: `${import.meta.dirname}/../..` }, // only because the client is in a folder beside this one
  poweredByHeader: false,
  headers: async () => [
    {
      source: "/:path*",
      headers: [
        { key: "Referrer-Policy", value: "no-referrer" }, // links in emails carry a token
        { key: "X-Content-Type-Options", value: "nosniff" },
      ],
    },
  ],
};

export default config;
