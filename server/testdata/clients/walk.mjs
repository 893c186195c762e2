// What the walks of JavaScript's libraries share: checks, sign-in, and what an
// entity must have wherever it comes from.
import { createInterface } from "node:readline";
import { deepStrictEqual } from "node:assert";
import { readFileSync } from "node:fs";

export const base = process.env.BASE_URL;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// allow asks a person to open the address and to allow the client.
export async function allow(name, address) {
  console.log("allow", name, address);
  return (await lines.next()).value;
}

// question is the address to which a person goes.
export function question(clientId, scope) {
  return `${base}/oauth/authorize?` + new URLSearchParams({ client_id: clientId, redirect_uri: outOfBand, response_type: "code", scope });
}

export const outOfBand = "urn:ietf:wg:oauth:2.0:oob";

export const picture = () => new Blob([readFileSync(process.env.PICTURE)], { type: "image/png" });

export function same(what, got, want) {
  try {
    deepStrictEqual(got, want);
  } catch {
    throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  }
}

export function holds(what, condition, of) {
  if (!condition) throw new Error(`${what}: ${JSON.stringify(of)}`);
}

export const ids = (list) => list.map((one) => one.id);
export const names = (accounts) => accounts.map((a) => a.acct);

// refused checks that something fails with one of the statuses.
export async function refused(what, promise, ...statuses) {
  try {
    await promise;
  } catch (error) {
    same(what, statuses.includes(error.statusCode ?? error.response?.status), true);
    return;
  }
  throw new Error(`${what}: not refused`);
}

// entities names the kinds, how to know one (fields that it alone has), and the
// fields that the libraries' types declare to be there and not null.
const entities = {
  account: { known: ["acct", "avatar", "note"], string: "username acct url display_name note avatar avatar_static header header_static", time: "created_at", id: "id",
    list: "fields emojis", boolean: "locked bot", number: "statuses_count followers_count following_count" },
  field: { known: ["name", "value"], string: "name value" },
  status: { known: ["reblogs_count"], id: "id", string: "uri content visibility spoiler_text", time: "created_at", boolean: "sensitive",
    list: "media_attachments mentions tags emojis", number: "reblogs_count favourites_count replies_count", there: "account" },
  attachment: { known: ["preview_url"], id: "id", string: "type url preview_url", there: "meta" },
  mention: { known: ["acct"], id: "id", string: "username url acct" },
  emoji: { known: ["shortcode"], string: "shortcode url static_url", boolean: "visible_in_picker" },
  poll: { known: ["votes_count", "options"], id: "id", boolean: "expired multiple", number: "votes_count", list: "options emojis?" },
  option: { known: ["title", "votes_count"], string: "title" },
  notification: { known: ["type", "created_at", "account"], id: "id", string: "type", time: "created_at", there: "account" },
  group: { known: ["group_key", "notifications_count"], string: "group_key type", number: "notifications_count most_recent_notification_id", list: "sample_account_ids" },
  relationship: { known: ["showing_reblogs"], id: "id", boolean: "following showing_reblogs notifying followed_by blocking blocked_by muting muting_notifications requested domain_blocking endorsed" },
  list: { known: ["replies_policy"], id: "id", string: "title" },
  filter: { known: ["filter_action"], id: "id", string: "title filter_action", list: "context" },
  keyword: { known: ["keyword", "whole_word"], id: "id", string: "keyword", boolean: "whole_word" },
  "old filter": { known: ["phrase"], id: "id", string: "phrase", list: "context", boolean: "irreversible whole_word" },
  conversation: { known: ["unread", "accounts"], id: "id", boolean: "unread", list: "accounts" },
  marker: { known: ["last_read_id"], string: "last_read_id", time: "updated_at", number: "version" },
  source: { known: ["text", "spoiler_text", "id"], id: "id", string: "text spoiler_text" },
  context: { known: ["ancestors"], list: "ancestors descendants" },
  results: { known: ["hashtags"], list: "accounts statuses hashtags" },
  version: { known: ["content", "created_at", "account"], string: "content spoiler_text", time: "created_at", boolean: "sensitive", list: "media_attachments emojis", there: "account" },
  scheduled: { known: ["scheduled_at", "params"], id: "id", time: "scheduled_at", there: "params", list: "media_attachments" },
  subscription: { known: ["endpoint", "server_key"], number: "id", string: "endpoint server_key", there: "alerts" },
  tag: { known: ["name", "url"], string: "name url" },
  instance: { known: ["title", "version", "rules"], string: "title version description", list: "languages rules" },
};

const tests = {
  id: (v) => typeof v === "string" && /^\d+$/.test(v),
  string: (v) => typeof v === "string",
  time: (v) => typeof v === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(v),
  list: Array.isArray,
  boolean: (v) => typeof v === "boolean",
  number: (v) => typeof v === "number",
  there: (v) => v != null,
};

const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

// Walker holds what a library hands over against the table. More are the fields
// that this library's types add, in the form of the table.
export class Walker {
  constructor(more = {}) {
    this.more = more;
    this.seen = new Set();
  }

  // see checks everything within a value and returns the value.
  see(value, at = "") {
    if (Array.isArray(value)) {
      value.forEach((one, i) => this.see(one, `${at}[${i}]`));
    } else if (value && typeof value === "object") {
      const kind = Object.keys(entities).find((name) => entities[name].known.every((field) => field in value || camel(field) in value));
      if (kind) {
        this.seen.add(kind);
        this.check(kind, entities[kind], value, at);
        this.check(kind, this.more[kind] ?? {}, value, at);
      }
      for (const [name, part] of Object.entries(value)) this.see(part, `${at}.${name}`);
    }
    return value;
  }

  check(kind, entity, value, at) {
    for (const [type, holds] of Object.entries(tests)) {
      for (const named of (entity[type] ?? "").split(" ").filter(Boolean)) {
        const name = named.replace("?", "");
        const got = value[name] ?? value[camel(name)];
        if (!holds(got) && !(named.endsWith("?") && got === undefined)) {
          throw new Error(`${at || "the answer"} is a ${kind} whose ${name} is ${JSON.stringify(got)}, no ${type}: ${JSON.stringify(value).slice(0, 400)}`);
        }
      }
    }
  }

  // unseen are the kinds that never came: the walk did not get to them.
  unseen(...without) {
    return Object.keys(entities).filter((kind) => !this.seen.has(kind) && !without.includes(kind));
  }
}

// Heard keeps what a stream tells until somebody wants it.
export class Heard {
  #events = [];
  #waiting = [];

  say(kind, payload) {
    this.#events.push({ kind, payload });
    this.#waiting.forEach((look) => look());
  }

  // next waits for the first event of a kind that fits and takes it.
  next(kind, fits = () => true) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${kind}; heard ${JSON.stringify(this.#events).slice(0, 500)}`)), 20_000);
      const look = () => {
        const i = this.#events.findIndex((event) => event.kind === kind && fits(event.payload));
        if (i < 0) return;
        clearTimeout(timer);
        this.#waiting = this.#waiting.filter((one) => one !== look);
        resolve(this.#events.splice(i, 1)[0].payload);
      };
      this.#waiting.push(look);
      look();
    });
  }
}

// walk runs all parts, so that one that fails does not hide the others, and ends
// the process.
export async function walk(parts) {
  let failed = 0;
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failed++;
      console.error(`${part.name || part}: ${error.stack ?? error}`);
    }
  }
  process.exit(failed > 0 ? 1 : 0);
}
