// The whole story by the types that openapi-typescript makes and the client of openapi-fetch: `tsc --strict`, without a
// cast. node story.js http://127.0.0.1:8000 credentials.json
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient, { type Client } from "openapi-fetch";
import { credentials, days, signIn } from "../common.js";
import type { components, paths } from "./schema.js";

type Schemas = components["schemas"];
type Case = Schemas["ReferralCase"];
type Portal = Client<paths>;

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** What was answered, with its ETag; throws where it is a problem. */
function good<Data>(answer: Answer<Data>): { data: Data; etag: string } {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return { data: answer.data, etag: answer.response.headers.get("ETag") ?? "" };
}

async function portal(url: string, id: string, secret: string): Promise<Portal> {
  const token = await signIn(url, id, secret);
  return createClient<paths>({ baseUrl: url, headers: { Authorization: `Bearer ${token}` } });
}

async function read(portal: Portal, id: string): Promise<{ data: Case; etag: string }> {
  return good(await portal.GET("/api/v1/referrals/{id}/", { params: { path: { id } } }));
}

type Take = (params: {
  path: { id: string };
  header: { "If-Match": string; "Idempotency-Key": string };
}) => Promise<Answer<Case>>;

/** Take a step on the case as it is read now, twice with one key: it is taken once. */
async function step(portal: Portal, id: string, state: string, take: Take): Promise<Case> {
  const { etag } = await read(portal, id);
  const params = { path: { id }, header: { "If-Match": etag, "Idempotency-Key": randomUUID() } };
  const done = good(await take(params)).data;
  const again = await take(params);
  assert.equal(again.response.headers.get("Idempotent-Replayed"), "true");
  assert.equal(done.state, state);
  assert.equal(good(again).data.state, state);
  return done;
}

async function* followed(portal: Portal, after: string): AsyncGenerator<Schemas["FeedEvent"]> {
  for (let more = true; more; ) {
    const page = good(await portal.GET("/api/v1/events/", { params: { query: { after, limit: 10 } } })).data;
    yield* page.results;
    after = page.after;
    more = page.more;
  }
}

async function patient(sender: Portal, today: string): Promise<string> {
  const own = `MRN-${randomUUID()}`;
  const search = { body: { record_number: own } };
  assert.deepEqual(good(await sender.POST("/api/v1/patients/search/", search)).data.results, []);
  const made = good(
    await sender.POST("/api/v1/patients/", {
      params: { header: { "Idempotency-Key": own } },
      body: {
        family_name: "Test",
        given_name: "Patient",
        birth_date: "1980-05-17",
        sex: "female",
        is_synthetic: true,
        duplicate_checked: true,
        record_number: own,
      },
    }),
  );
  const { id } = made.data;
  const found = good(await sender.POST("/api/v1/patients/search/", search)).data.results;
  assert.deepEqual(found.map((row) => row.id), [id]);
  const changed = good(
    await sender.PATCH("/api/v1/patients/{id}/", {
      params: { path: { id }, header: { "If-Match": made.etag } },
      body: { phone: "+77010000001" },
    }),
  ).data;
  assert.equal(changed.phone, "+77010000001");
  const coverage = good(
    await sender.POST("/api/v1/patients/{id}/coverages/", {
      params: { path: { id } },
      body: { kind: "self", source: "stated", valid_from: today },
    }),
  ).data;
  const kept = good(await sender.GET("/api/v1/patients/{id}/", { params: { path: { id } } })).data;
  assert.ok(kept.coverages.some((row) => row.id === coverage.id));
  return id;
}

async function main(url: string, file: string): Promise<void> {
  const [ours, abroad] = credentials(file);
  const sender = await portal(url, ours.client_id, ours.client_secret);
  const host = await portal(url, abroad.client_id, abroad.client_secret);
  const before = good(await host.GET("/api/v1/events/", { params: { query: { after: "now" } } })).data.after;
  const me = good(await host.GET("/api/v1/me/")).data;
  assert.ok(me.organisation_id !== null);
  const facility = good(
    await host.GET("/api/v1/facilities/{id}/", { params: { path: { id: me.organisation_id } } }),
  ).data;
  const offered = facility.services[0]?.specialty;
  assert.ok(offered);
  const diagnosis = good(await sender.GET("/api/v1/icd10/", { params: { query: { q: "I34.0" } } })).data.results[0];
  assert.ok(diagnosis);

  const { today, soon, start, end } = days();
  async function filed(): Promise<Case> {
    const person = await patient(sender, today);
    const consent = good(
      await sender.POST("/api/v1/patients/{id}/consents/", {
        params: { path: { id: person } },
        body: {
          purpose: "treatment",
          recipient_country: abroad.country,
          how: "written",
          valid_from: today,
          valid_to: soon,
        },
      }),
    ).data;
    const made = good(
      await sender.POST("/api/v1/referrals/", {
        params: { header: { "Idempotency-Key": randomUUID() } },
        body: {
          patient: person,
          priority: "stat",
          consent: consent.id,
          host_facility: facility.code,
          specialty: { code: offered?.code ?? "", system: offered?.system },
          service: "Emergency admission",
          care_mode: "inpatient",
          diagnosis: { code: diagnosis?.code ?? "" },
          payer: "fund",
          triage_note: "Life threat.",
          goal: "Stabilise.",
          report: { dated_on: today, author: "Doctor Test", text: "Lung oedema since this morning." },
        },
      }),
    );
    const { id } = made.data;
    const header = { "If-Match": made.etag };
    const edited = good(
      await sender.PATCH("/api/v1/referrals/{id}/", {
        params: { path: { id }, header },
        body: { clinical_reason: "Lung oedema.", record_number: `R-${id}` },
      }),
    );
    assert.notEqual(edited.etag, made.etag);
    const late = await sender.POST("/api/v1/referrals/{id}/submit/", {
      params: { path: { id }, header },
    });
    assert.equal(late.error?.code, "stale");
    return step(sender, id, "sent", (params) =>
      sender.POST("/api/v1/referrals/{id}/submit/", { params }),
    );
  }

  const declined = await filed();
  await step(host, declined.id, "declined", (params) =>
    host.POST("/api/v1/referrals/{id}/decline/", {
      params,
      body: { reason_code: "no_capacity", reason_text: "No bed until Monday." },
    }),
  );

  const { id, number } = await filed();
  const listed = good(
    await host.GET("/api/v1/referrals/", { params: { query: { state: ["sent"], number: number ?? "" } } }),
  ).data.results;
  assert.deepEqual(listed.map((row) => row.id), [id]);
  await step(host, id, "accepted", (params) =>
    host.POST("/api/v1/referrals/{id}/accept/", { params, body: { starts_at: start, ends_at: end } }),
  );
  await step(sender, id, "accepted", (params) =>
    sender.POST("/api/v1/referrals/{id}/add-evidence/", {
      params,
      body: { dated_on: today, author: "Doctor Test", text: "Better since noon." },
    }),
  );
  await step(host, id, "scheduled", (params) =>
    host.POST("/api/v1/referrals/{id}/schedule/", { params, body: { starts_at: start, ends_at: end } }),
  );
  await step(host, id, "in_care", (params) =>
    host.POST("/api/v1/referrals/{id}/admit/", { params }),
  );
  await step(host, id, "discharged", (params) =>
    host.POST("/api/v1/referrals/{id}/discharge/", {
      params,
      body: {
        admitted_on: today,
        discharged_on: today,
        care_given: "Treated.",
        outcome: "Stable.",
        advice: "Rest for a week.",
      },
    }),
  );
  const summary = (await read(sender, id)).data.clinical?.discharge_summary;
  assert.equal(summary?.advice, "Rest for a week.");
  await step(sender, id, "closed", (params) =>
    sender.POST("/api/v1/referrals/{id}/close/", { params }),
  );
  const told: Schemas["FeedEvent"][] = [];
  for await (const event of followed(host, before)) if (event.subject.id === id) told.push(event);
  assert.equal(told.at(-1)?.type, "referral.close");
  console.log(`told: ${number}, ${told.length} events`);
}

const [, , url = "", file = ""] = process.argv;
await main(url, file);
