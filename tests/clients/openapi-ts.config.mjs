// How @hey-api/openapi-ts makes its client: with the endings that node asks for.
export default {
  input: "schema.json",
  output: { path: "hey-api/client", importFileExtension: ".js" },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
