// What both stories need besides a client: credentials, a token, and some days.
import { readFileSync } from "node:fs";

type Country = "KG" | "KZ" | "UZ";
export interface Credentials {
  client_id: string;
  client_secret: string;
  country: Country;
}

function text(row: object, name: string): string {
  const value: unknown = Object.entries(row).find(([key]) => key === name)?.[1];
  if (typeof value !== "string") throw new Error(`${name} is missing`);
  return value;
}

function country(value: string): Country {
  if (value === "KG" || value === "KZ" || value === "UZ") return value;
  throw new Error(value);
}

/** Those of a hospital, and of one across the border. */
export function credentials(file: string): [Credentials, Credentials] {
  const said: unknown = JSON.parse(readFileSync(file, "utf-8"));
  if (typeof said !== "object" || said === null || !("clients" in said) || !Array.isArray(said.clients)) {
    throw new Error("no clients");
  }
  const rows = said.clients
    .filter((row: unknown) => typeof row === "object" && row !== null)
    .map((row: object) => ({
      client_id: text(row, "client_id"),
      client_secret: text(row, "client_secret"),
      country: country(text(row, "country")),
    }));
  const ours = rows[0];
  const abroad = rows.find((row) => row.country !== ours?.country);
  if (!ours || !abroad) throw new Error("too few clients");
  return [ours, abroad];
}

export async function signIn(url: string, id: string, secret: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: secret });
  const said: unknown = await (await fetch(`${url}/oauth/token`, { method: "POST", body })).json();
  if (typeof said !== "object" || said === null) throw new Error("no token");
  return text(said, "access_token");
}

export function days(): { today: string; soon: string; start: string; end: string } {
  const day = 24 * 3600 * 1000;
  const now = Date.now();
  const moment = (after: number): string => new Date(now + after).toISOString();
  return {
    today: moment(0).slice(0, 10),
    soon: moment(90 * day).slice(0, 10),
    start: moment(day / 48),
    end: moment(2 * day),
  };
}
