// The whole story by the functions that @hey-api/openapi-ts makes: `tsc --strict`, without a
// cast. node story.js http://127.0.0.1:8000 credentials.json
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { credentials, days, signIn } from "../common.js";
import { createClient, createConfig, type Client } from "./client/client/index.js";
import type { FeedEvent, ReferralCase } from "./client/index.js";
import * as api from "./client/index.js";

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response?: Response;
}

/** What was answered, with its ETag; throws where it is a problem. */
function good<Data>(answer: Answer<Data>): { data: Data; etag: string } {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return { data: answer.data, etag: answer.response?.headers.get("ETag") ?? "" };
}

async function portal(url: string, id: string, secret: string): Promise<Client> {
  const auth = await signIn(url, id, secret);
  return createClient(createConfig({ baseUrl: url, auth }));
}

async function read(portal: Client, id: string): Promise<{ data: ReferralCase; etag: string }> {
  return good(await api.readReferral({ client: portal, path: { id } }));
}

type Take = (params: {
  client: Client;
  path: { id: string };
  headers: { "If-Match": string; "Idempotency-Key": string };
}) => Promise<Answer<ReferralCase>>;

/** Take a step on the case as it is read now, twice with one key: it is taken once. */
async function step(portal: Client, id: string, state: string, take: Take): Promise<ReferralCase> {
  const { etag } = await read(portal, id);
  const params = { client: portal, path: { id }, headers: { "If-Match": etag, "Idempotency-Key": randomUUID() } };
  const done = good(await take(params)).data;
  const again = await take(params);
  assert.equal(again.response?.headers.get("Idempotent-Replayed"), "true");
  assert.equal(done.state, state);
  assert.equal(good(again).data.state, state);
  return done;
}

async function* followed(portal: Client, after: string): AsyncGenerator<FeedEvent> {
  for (let more = true; more; ) {
    const page = good(await api.listEvents({ client: portal, query: { after, limit: 10 } })).data;
    yield* page.results;
    after = page.after;
    more = page.more;
  }
}

async function patient(sender: Client, today: string): Promise<string> {
  const own = `MRN-${randomUUID()}`;
  const search = { client: sender, body: { record_number: own } };
  assert.deepEqual(good(await api.searchPatients(search)).data.results, []);
  const made = good(
    await api.registerPatient({
      client: sender,
      headers: { "Idempotency-Key": own },
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
  const found = good(await api.searchPatients(search)).data.results;
  assert.deepEqual(found.map((row) => row.id), [id]);
  const changed = good(
    await api.changePatient({
      client: sender,
      path: { id },
      headers: { "If-Match": made.etag },
      body: { phone: "+77010000001" },
    }),
  ).data;
  assert.equal(changed.phone, "+77010000001");
  const coverage = good(
    await api.recordCoverage({
      client: sender,
      path: { id },
      body: { kind: "self", source: "stated", valid_from: today },
    }),
  ).data;
  const kept = good(await api.readPatient({ client: sender, path: { id } })).data;
  assert.ok(kept.coverages.some((row) => row.id === coverage.id));
  return id;
}

async function main(url: string, file: string): Promise<void> {
  const [ours, abroad] = credentials(file);
  const sender = await portal(url, ours.client_id, ours.client_secret);
  const host = await portal(url, abroad.client_id, abroad.client_secret);
  const before = good(await api.listEvents({ client: host, query: { after: "now" } })).data.after;
  const me = good(await api.readMe({ client: host })).data;
  assert.ok(me.organisation_id !== null);
  const facility = good(
    await api.readFacility({ client: host, path: { id: me.organisation_id } }),
  ).data;
  const offered = facility.services[0]?.specialty;
  assert.ok(offered);
  const diagnosis = good(await api.searchIcd10({ client: sender, query: { q: "I34.0" } })).data.results[0];
  assert.ok(diagnosis);

  const { today, soon, start, end } = days();
  async function filed(): Promise<ReferralCase> {
    const person = await patient(sender, today);
    const consent = good(
      await api.recordConsent({
        client: sender,
        path: { id: person },
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
      await api.createReferral({
        client: sender,
        headers: { "Idempotency-Key": randomUUID() },
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
    const headers = { "If-Match": made.etag };
    const edited = good(
      await api.editDraft({
        client: sender,
        path: { id },
        headers,
        body: { clinical_reason: "Lung oedema.", record_number: `R-${id}` },
      }),
    );
    assert.notEqual(edited.etag, made.etag);
    const late = await api.submitReferral({ client: sender, path: { id }, headers });
    assert.equal(late.error?.code, "stale");
    return step(sender, id, "sent", (params) =>
      api.submitReferral(params),
    );
  }

  const declined = await filed();
  await step(host, declined.id, "declined", (params) =>
    api.declineReferral({
      ...params,
      body: { reason_code: "no_capacity", reason_text: "No bed until Monday." },
    }),
  );

  const { id, number } = await filed();
  const listed = good(
    await api.listReferrals({ client: host, query: { state: ["sent"], number: number ?? "" } }),
  ).data.results;
  assert.deepEqual(listed.map((row) => row.id), [id]);
  await step(host, id, "accepted", (params) =>
    api.acceptReferral({ ...params, body: { starts_at: start, ends_at: end } }),
  );
  await step(sender, id, "accepted", (params) =>
    api.addEvidenceReferral({
      ...params,
      body: { dated_on: today, author: "Doctor Test", text: "Better since noon." },
    }),
  );
  await step(host, id, "scheduled", (params) =>
    api.scheduleReferral({ ...params, body: { starts_at: start, ends_at: end } }),
  );
  await step(host, id, "in_care", (params) =>
    api.admitReferral(params),
  );
  await step(host, id, "discharged", (params) =>
    api.dischargeReferral({
      ...params,
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
    api.closeReferral(params),
  );
  const told: FeedEvent[] = [];
  for await (const event of followed(host, before)) if (event.subject.id === id) told.push(event);
  assert.equal(told.at(-1)?.type, "referral.close");
  console.log(`told: ${number}, ${told.length} events`);
}

const [, , url = "", file = ""] = process.argv;
await main(url, file);
