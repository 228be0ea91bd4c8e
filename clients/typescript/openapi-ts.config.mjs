// `make clients` generates src/generated from the OpenAPI document at the path in OPENAPI.
export default {
  input: process.env.OPENAPI,
  output: { path: process.env.GENERATED ?? "src/generated", header: ["// Written by `make clients` from the OpenAPI document: change that."] },
  plugins: [
    { name: "@hey-api/client-fetch", throwOnError: true },
    "@hey-api/typescript",
    {
      name: "@hey-api/sdk",
      responseStyle: "data",
      auth: false, // session.ts adds the access token
      operations: { strategy: "single", containerName: "Operations", nesting: "operationId" },
    },
  ],
  logs: { level: "warn", file: false },
};
