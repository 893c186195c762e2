// Walks through an app's day with masto.js, as two people.
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";
import WebSocket from "ws";
import { allow, base, Heard, holds, ids, names, outOfBand, picture, question, refused, same, walk, Walker } from "./walk.mjs";

const walker = new Walker({
  account: { list: "roles", boolean: "group" },
  status: { number: "quotes_count", there: "quote_approval", boolean: "favourited reblogged muted bookmarked" },
  notification: { string: "group_key" },
  relationship: { boolean: "requested_by", string: "note" },
  poll: { boolean: "voted", list: "own_votes emojis" },
  list: { boolean: "exclusive", string: "replies_policy" },
});
const see = (value) => walker.see(value);
const scope = "read write follow push";

async function signIn(name) {
  const app = await createRestAPIClient({ url: base }).v1.apps.create({ clientName: "masto.js", redirectUris: outOfBand, scopes: scope, website: "https://masto.example" });
  const credentials = { clientId: app.clientId, clientSecret: app.clientSecret };
  const oauth = createOAuthAPIClient({ url: base });
  const token = await oauth.token.create({ ...credentials, grantType: "authorization_code", redirectUri: outOfBand, code: await allow(name, question(app.clientId, scope)), scope });
  same("token", [token.tokenType, token.scope, typeof token.createdAt], ["Bearer", scope, "number"]);
  const api = createRestAPIClient({ url: base, accessToken: token.accessToken });
  const me = see(await api.v1.accounts.verifyCredentials());
  same("signed in", me.username, name);
  holds("source", me.source && me.role && Array.isArray(me.source.fields) && Array.isArray(me.source.attributionDomains) && me.source.quotePolicy, me);
  same("app", (await api.v1.apps.verifyCredentials()).name, "masto.js");
  return { v1: api.v1, v2: api.v2, me, token: token.accessToken, end: () => oauth.revoke({ ...credentials, token: token.accessToken }) };
}

const mira = await signIn("mira");
const olga = await signIn("olga");
const write = async (who, status, more = {}, meta) => see(await who.v1.statuses.create({ status, ...more }, meta));
const first = await write(mira, "The very first #seeds");
const at = (who, status) => who.v1.statuses.$select(status.id);

async function instance() {
  const found = see(await mira.v2.instance.fetch());
  holds("instance", found.configuration.statuses.maxCharacters > 0 && found.configuration.urls.streaming && found.configuration.polls.maxOptions > 0 && found.domain && found.usage && found.thumbnail && found.contact && found.registrations, found);
  const old = see(await mira.v1.instance.fetch());
  holds("instance, v1", old.stats.userCount >= 2 && old.urls.streamingApi && old.shortDescription !== undefined, old);
  const preferences = await mira.v1.preferences.fetch();
  same("preferences", preferences["posting:default:visibility"], "public");
  see([await mira.v1.customEmojis.list(), await mira.v1.announcements.list(), await mira.v1.trends.tags.list(), await mira.v1.trends.statuses.list(), await mira.v1.trends.links.list(),
    await mira.v2.suggestions.list(), await mira.v1.directory.list(), await mira.v1.instance.peers.list(), await mira.v1.instance.extendedDescription.fetch(), await mira.v1.endorsements.list(), await mira.v1.followedTags.list(), await mira.v1.featuredTags.list()]);
}

async function posts() {
  const once = { requestInit: { headers: { "Idempotency-Key": "one" } } };
  const post = await write(mira, "Sown #beans", { visibility: "unlisted", language: "en", spoilerText: "Garden", sensitive: true }, once);
  same("posted once", (await write(mira, "Sown #beans", { visibility: "unlisted", language: "en", spoilerText: "Garden", sensitive: true }, once)).id, post.id);
  same("as written", [post.visibility, post.language, post.spoilerText, post.sensitive, post.tags.map((t) => t.name)], ["unlisted", "en", "Garden", true, ["beans"]]);
  for (const visibility of ["public", "unlisted", "private", "direct"]) same("visibility", (await write(mira, `For ${visibility}`, { visibility })).visibility, visibility);
  const reply = await write(olga, "An answer, @mira", { inReplyToId: post.id });
  same("reply to", [reply.inReplyToId, reply.inReplyToAccountId, names(reply.mentions)], [post.id, mira.me.id, ["mira"]]);
  same("thread", ids(see(await at(mira, post).context.fetch()).descendants), [reply.id]);
  const edited = see(await at(mira, post).update({ status: "Grown #beans", spoilerText: "" }));
  holds("edited", edited.content.includes("Grown") && edited.editedAt, edited);
  same("versions", see(await at(mira, post).history.list()).length, 2);
  same("source", see(await at(mira, post).source.fetch()).text, "Grown #beans");
  const gone = await write(mira, "Gone soon");
  same("deleted", (await at(mira, gone).remove()).text, "Gone soon");
  await refused("a deleted post", at(mira, gone).fetch(), 404);
  await refused("another's post", at(olga, post).remove(), 404);
  same("several", ids(see(await mira.v1.statuses.fetch({ id: [first.id, post.id] }))).sort(), [first.id, post.id].sort());
  const later = see(await mira.v1.statuses.create({ status: "Later", scheduledAt: new Date(Date.now() + 3_600_000).toISOString() }));
  same("scheduled", ids(see(await mira.v1.scheduledStatuses.list())), [later.id]);
  see(await mira.v1.scheduledStatuses.$select(later.id).update({ scheduledAt: new Date(Date.now() + 7_200_000).toISOString() }));
  await mira.v1.scheduledStatuses.$select(later.id).remove();
}

async function actions() {
  const post = await write(mira, "To be liked");
  same("favourited", see(await at(olga, post).favourite()).favourited, true);
  same("favourited by", names(see(await at(mira, post).favouritedBy.list())), ["olga"]);
  same("boosted", see(await at(olga, post).reblog()).reblog.id, post.id);
  same("boosted by", names(see(await at(mira, post).rebloggedBy.list())), ["olga"]);
  same("bookmarked", see(await at(olga, post).bookmark()).bookmarked, true);
  same("pinned", see(await at(mira, post).pin()).pinned, true);
  same("muted", see(await at(mira, post).mute()).muted, true);
  same("lists of them", [ids(see(await olga.v1.bookmarks.list())), ids(see(await olga.v1.favourites.list()))], [[post.id], [post.id]]);
  same("pins", ids(see(await olga.v1.accounts.$select(mira.me.id).statuses.list({ pinned: true }))), [post.id]);
  same("undone", [see(await at(olga, post).unfavourite()).favourited, see(await at(olga, post).unreblog()).reblogged, see(await at(olga, post).unbookmark()).bookmarked,
    see(await at(mira, post).unpin()).pinned, see(await at(mira, post).unmute()).muted], [false, false, false, false, false]);
}

async function media() {
  const file = see(await mira.v2.media.create({ file: picture(), description: "Stripes", focus: "0.5,-0.5", skipPolling: true }));
  same("kind", [file.type, file.description, file.meta.original.width, file.meta.focus.x], ["image", "Stripes", 64, 0.5]);
  same("described", see(await mira.v1.media.$select(file.id).update({ description: "Many stripes" })).description, "Many stripes");
  const post = await write(mira, "A picture", { mediaIds: [file.id], sensitive: true });
  same("attached", post.mediaAttachments.map((m) => [m.id, m.description]), [[file.id, "Many stripes"]]);
  same("bytes", (await fetch(post.mediaAttachments[0].url)).headers.get("content-type").split("/")[0], "image");
  same("only media", ids(see(await olga.v1.accounts.$select(mira.me.id).statuses.list({ onlyMedia: true }))), [post.id]);
  const me = see(await mira.v1.accounts.updateCredentials({ displayName: "Mira", note: "Grows #beans", avatar: picture(), header: picture(), locked: false,
    fieldsAttributes: [{ name: "Garden", value: "big" }], source: { language: "en" } }));
  same("profile", [me.displayName, me.fields.map((f) => f.name), me.source.language], ["Mira", ["Garden"], "en"]);
}

async function relations() {
  const her = olga.v1.accounts.$select(mira.me.id);
  const him = mira.v1.accounts.$select(olga.me.id);
  same("following", see(await her.follow({ reblogs: true, notify: false })).following, true);
  see(await him.follow());
  same("followers", [names(see(await her.followers.list())), names(see(await her.following.list()))], [["olga"], ["olga"]]);
  same("relation", see(await olga.v1.accounts.relationships.fetch({ id: [mira.me.id] }))[0].followedBy, true);
  same("note", see(await her.note.create({ comment: "From the garden" })).note, "From the garden");
  same("found", [see(await olga.v1.accounts.lookup({ acct: "mira" })).id, names(see(await olga.v1.accounts.search.list({ q: "mir" })))], [mira.me.id, ["mira"]]);
  same("several", ids(see(await olga.v1.accounts.fetch({ id: [mira.me.id] }))), [mira.me.id]);
  same("muted", [see(await him.mute({ duration: 600, notifications: false })).muting, names(see(await mira.v1.mutes.list())), see(await him.unmute()).muting], [true, ["olga"], false]);
  same("blocked", [see(await him.block()).blocking, names(see(await mira.v1.blocks.list())), see(await him.unblock()).blocking], [true, ["olga"], false]);
  await mira.v1.domainBlocks.create({ domain: "spam.example" });
  same("server blocked", await mira.v1.domainBlocks.list(), ["spam.example"]);
  await mira.v1.domainBlocks.remove({ domain: "spam.example" });
  await mira.v1.accounts.updateCredentials({ locked: true });
  same("requested", see(await her.follow()).requested, true);
  same("requests", names(see(await mira.v1.followRequests.list())), ["olga"]);
  same("let in", see(await mira.v1.followRequests.$select(olga.me.id).authorize()).followedBy, true);
  await mira.v1.accounts.updateCredentials({ locked: false });
  see(await him.follow());
  same("endorsed", [see(await him.endorse()).endorsed, see(await him.unendorse()).endorsed], [true, false]);
  same("tag", [see(await mira.v1.tags.$select("beans").follow()).following, see(await mira.v1.followedTags.list()).map((t) => t.name), see(await mira.v1.tags.$select("beans").unfollow()).following],
    [true, ["beans"], false]);
}

async function timelines() {
  for (let n = 0; n < 5; n++) await write(mira, `Number ${n} #count`);
  const pages = mira.v1.timelines.home.list({ limit: 2 }).values();
  const one = see((await pages.next()).value);
  const two = see((await pages.next()).value);
  holds("pages", one.length === 2 && two.length === 2 && BigInt(two[0].id) < BigInt(one[1].id), [ids(one), ids(two)]);
  same("since", ids(see(await mira.v1.timelines.home.list({ sinceId: one[1].id }))), [one[0].id]);
  let tagged = 0;
  for await (const page of mira.v1.timelines.tag.$select("count").list({ limit: 2 })) tagged += see(page).length;
  same("all of a tag", tagged, 5);
  for (const local of [true, false]) holds("public", ids(see(await olga.v1.timelines.public.list({ local, limit: 40 }))).includes(first.id), local);
  same("marker", see(await mira.v1.markers.create({ home: { lastReadId: one[0].id } })).home.lastReadId, one[0].id);
  same("marker kept", see(await mira.v1.markers.fetch({ timeline: ["home"] })).home.lastReadId, one[0].id);
}

async function notifications() {
  const quote = await write(olga, "Hear her", { quotedStatusId: first.id });
  same("quoted", [quote.quote.state, quote.quote.quotedStatus.id], ["accepted", first.id]);
  same("quotes", ids(see(await at(mira, first).quotes.list())), [quote.id]);
  await at(olga, first).favourite();
  const mention = await write(olga, "Hello @mira", { visibility: "direct" });
  const all = see(await mira.v1.notifications.list({ limit: 40 }));
  for (const type of ["mention", "favourite", "follow", "quote"]) holds(type, all.some((n) => n.type === type), all.map((n) => n.type));
  const mentions = see(await mira.v1.notifications.list({ types: ["mention"] }));
  same("mentions", [mentions[0].status.id, [...new Set(mentions.map((n) => n.type))]], [mention.id, ["mention"]]);
  holds("without", see(await mira.v1.notifications.list({ excludeTypes: ["mention"] })).every((n) => n.type !== "mention"));
  same("one", see(await mira.v1.notifications.$select(mentions[0].id).fetch()).type, "mention");
  const grouped = see(await mira.v2.notifications.list({ groupedTypes: ["favourite"], expandAccounts: "full" }));
  const group = grouped.notificationGroups.find((g) => g.type === "favourite" && g.statusId === first.id);
  holds("group", group && grouped.accounts.some((a) => a.id === group.sampleAccountIds[0]) && grouped.statuses.some((s) => s.id === first.id), grouped.notificationGroups);
  same("its accounts", names(see(await mira.v2.notifications.$select(group.groupKey).accounts.fetch())), ["olga"]);
  same("the group", see(await mira.v2.notifications.$select(group.groupKey).fetch()).notificationGroups.length, 1);
  holds("unread", (await mira.v1.notifications.unreadCount.fetch()).count > 0 && (await mira.v2.notifications.unreadCount.fetch()).count > 0);
  await mira.v2.notifications.$select(group.groupKey).dismiss();
  await mira.v1.notifications.$select(mentions[0].id).dismiss();
  const policy = await mira.v2.notifications.policy.update({ forNotFollowing: "filter" });
  same("policy", [policy.forNotFollowing, policy.summary.pendingRequestsCount], ["filter", 0]);
  await mira.v2.notifications.policy.update({ forNotFollowing: "accept" });
  same("requests", await mira.v1.notifications.requests.list(), []);
  const talk = see(await mira.v1.conversations.list())[0];
  same("conversation", [talk.unread, names(talk.accounts), talk.lastStatus.id], [true, ["olga"], mention.id]);
  same("read", see(await mira.v1.conversations.$select(talk.id).read()).unread, false);
  await mira.v1.conversations.$select(talk.id).remove();
  await mira.v1.notifications.clear();
  same("cleared", (await mira.v1.notifications.list()).length, 0);
}

async function search() {
  const find = async (q, more) => see(await mira.v2.search.list({ q, ...more }));
  same("people", names((await find("olga", { type: "accounts" })).accounts), ["olga"]);
  holds("tags", (await find("seeds", { type: "hashtags" })).hashtags.some((t) => t.name === "seeds"));
  holds("posts", ids((await find("very", { type: "statuses" })).statuses).includes(first.id));
  same("an address", ids((await find(first.url, { resolve: true })).statuses), [first.id]);
}

async function lists() {
  const list = see(await mira.v1.lists.create({ title: "Friends" }));
  const here = mira.v1.lists.$select(list.id);
  same("renamed", see(await here.update({ title: "Good friends", exclusive: false })).title, "Good friends");
  same("lists", see(await mira.v1.lists.list()).map((l) => l.title), ["Good friends"]);
  await here.accounts.create({ accountIds: [olga.me.id] });
  same("on it", [names(see(await here.accounts.list())), ids(see(await mira.v1.accounts.$select(olga.me.id).lists.list()))], [["olga"], [list.id]]);
  const post = await write(olga, "For the list");
  same("timeline", see(await mira.v1.timelines.list.$select(list.id).list())[0].id, post.id);
  await here.accounts.remove({ accountIds: [olga.me.id] });
  await here.remove();
  await refused("a removed list", here.fetch(), 404);
}

async function filters() {
  const made = see(await mira.v2.filters.create({ title: "Slugs", context: ["home", "public"], filterAction: "warn", expiresIn: 3600, keywordsAttributes: [{ keyword: "slugs", wholeWord: true }] }));
  same("keywords", made.keywords.map((k) => k.keyword), ["slugs"]);
  const here = mira.v2.filters.$select(made.id);
  const word = see(await here.keywords.create({ keyword: "snails", wholeWord: false }));
  same("its keywords", see(await here.keywords.list()).length, 2);
  see(await mira.v2.filters.keywords.$select(word.id).update({ keyword: "snail", wholeWord: false }));
  same("changed", see(await here.update({ title: "Pests", context: ["home"] })).title, "Pests");
  await write(olga, "Such snails again");
  same("filtered", see(await mira.v1.timelines.home.list({ limit: 1 }))[0].filtered.map((f) => [f.filter.title, f.keywordMatches]), [["Pests", ["snail"]]]);
  const kept = await here.statuses.create({ statusId: first.id });
  same("its posts", (await here.statuses.list()).map((s) => s.statusId), [first.id]);
  await mira.v2.filters.statuses.$select(kept.id).remove();
  await here.remove();
  const old = see(await mira.v1.filters.create({ phrase: "weeds", context: ["home"], wholeWord: true }));
  same("old filter", see(await mira.v1.filters.list()).map((f) => f.phrase), ["weeds"]);
  await mira.v1.filters.$select(old.id).remove();
}

async function polls() {
  const { poll } = await write(mira, "Which?", { poll: { options: ["Beans", "Peas"], expiresIn: 3600, multiple: true } });
  same("options", poll.options.map((o) => o.title), ["Beans", "Peas"]);
  const voted = see(await olga.v1.polls.$select(poll.id).votes.create({ choices: [0, 1] }));
  same("voted", [voted.voted, voted.ownVotes, voted.votesCount, voted.votersCount], [true, [0, 1], 2, 1]);
  same("counted", see(await mira.v1.polls.$select(poll.id).fetch()).options.map((o) => o.votesCount), [1, 1]);
  await refused("a second vote", olga.v1.polls.$select(poll.id).votes.create({ choices: [0] }), 422);
}

async function streams() {
  const { configuration } = await mira.v2.instance.fetch();
  const streaming = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken: mira.token, implementation: WebSocket, retry: false });
  await streaming.prepare();
  const listen = (subscription) => {
    const heard = new Heard();
    (async () => {
      for await (const { event, payload } of subscription) heard.say(event, see(payload));
    })();
    return heard;
  };
  const [user, local, tag, told, direct] = [streaming.user.subscribe(), streaming.public.local.subscribe(), streaming.hashtag.subscribe({ tag: "live" }),
    streaming.user.notification.subscribe(), streaming.direct.subscribe()].map(listen);
  await listening(() => write(mira, "Is anybody there? #live"), [user, local, tag]);
  const post = await write(olga, "Hear this, @mira #live");
  const it = (payload) => payload.id === post.id;
  await Promise.all([user.next("update", it), local.next("update", it), tag.next("update", it)]);
  same("told", [(await user.next("notification", (n) => n.type === "mention")).status.id, (await told.next("notification")).status.id], [post.id, post.id]);
  await at(olga, post).update({ status: "Hear that, @mira #live" });
  holds("changed", (await user.next("status.update", it)).content.includes("that"));
  await at(olga, post).remove();
  same("deleted", await user.next("delete"), post.id);
  const secret = await write(olga, "Quietly, @mira", { visibility: "direct" });
  same("direct", (await direct.next("conversation", (c) => c.lastStatus?.id === secret.id)).accounts[0].acct, "olga");
  await mira.v2.filters.$select((await mira.v2.filters.create({ title: "x", context: ["home"] })).id).remove();
  await user.next("filters_changed");
  streaming.close();
}

// listening posts until all streams have heard of a post: a library does not say
// when its subscription has been read at the other end.
async function listening(post, streams) {
  const heard = new Set();
  streams.forEach((stream) => stream.next("update").then(() => heard.add(stream)));
  for (let n = 0; n < 50 && heard.size < streams.length; n++) {
    await post();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function push() {
  const keys = { p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "tBHItJI5svbpez7KI4CCXg" };
  const made = see(await mira.v1.push.subscription.create({ subscription: { endpoint: "https://push.example/1", keys }, data: { alerts: { mention: true, follow: true } }, policy: "all" }));
  same("push", [made.endpoint, made.alerts.mention], ["https://push.example/1", true]);
  same("changed", see(await mira.v1.push.subscription.update({ data: { alerts: { mention: false, follow: true } } })).alerts.mention, false);
  await mira.v1.push.subscription.remove();
  await refused("no push", mira.v1.push.subscription.fetch(), 404);
}

async function end() {
  same("kinds that never came", walker.unseen("emoji"), []);
  await olga.end();
  await refused("a revoked token", olga.v1.accounts.verifyCredentials(), 401);
}

await walk([instance, posts, actions, media, relations, timelines, notifications, search, lists, filters, polls, streams, push, end]);
