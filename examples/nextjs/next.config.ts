import type { NextConfig } from "next";

const config: NextConfig = {
  transpilePackages: ["credential-client"], // it comes as TypeScript
  turbopack: { root: `${import.meta.dirname}/../..` }, // only because the client is a folder beside this one
  poweredByHeader: false,
};

export default config;
