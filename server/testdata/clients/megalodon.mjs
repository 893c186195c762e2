// Walks through an app's day with megalodon, as two people; the argument says
// for which software it takes the server, mastodon or pleroma.
import { createReadStream } from "node:fs";
import generator from "megalodon";
import { allow, base, Heard, holds, ids, names, outOfBand, refused, same, walk, Walker } from "./walk.mjs";

const mode = process.argv[2];
const pleroma = mode === "pleroma";
const walker = new Walker({
  status: { boolean: "bookmarked", list: "emoji_reactions", there: "quote_approval" },
  relationship: { string: "note" },
  poll: { boolean: "voted" },
  list: pleroma ? {} : { string: "replies_policy" },
});
const see = (answer) => walker.see(answer.data);
const scopes = ["read", "write", "follow", "push"];

async function signIn(name) {
  const visitor = generator(mode, base);
  const app = await visitor.registerApp("megalodon", { scopes, redirect_uris: outOfBand, website: "https://megalodon.example" });
  const token = await visitor.fetchAccessToken(app.client_id, app.client_secret, await allow(name, app.url), outOfBand);
  same("token", [token.token_type, token.scope], ["Bearer", scopes.join(" ")]);
  const api = generator(mode, base, token.access_token);
  api.me = see(await api.verifyAccountCredentials());
  same("signed in", api.me.username, name);
  same("app", (await api.verifyAppCredentials()).data.name, "megalodon");
  api.end = () => api.revokeToken(app.client_id, app.client_secret, token.access_token);
  return api;
}

const mira = await signIn("mira");
const olga = await signIn("olga");
const write = async (who, status, more) => see(await who.postStatus(status, more));
const first = await write(mira, "The very first #seeds");

async function instance() {
  const found = see(await mira.getInstance());
  const { statuses, polls } = found.configuration;
  holds("instance", statuses.max_characters > 0 && statuses.max_media_attachments > 0 && polls.max_options > 1 && polls.max_characters_per_option > 0 && polls.min_expiration > 0 && polls.max_expiration > 0, found);
  holds("addresses", found.urls.streaming_api.startsWith("ws") && found.stats.user_count >= 2, found);
  same("preferences", (await mira.getPreferences()).data["posting:default:visibility"], "public");
  for (const answer of [await mira.getInstanceCustomEmojis(), await mira.getInstanceAnnouncements(), await mira.getInstanceTrends(), await mira.getInstanceDirectory(), await mira.getInstancePeers(),
    await mira.getSuggestions(), await mira.getEndorsements(), await mira.getFeaturedTags(), await mira.getSuggestedTags()]) see(answer);
}

async function posts() {
  const post = await write(mira, "Sown #beans", { visibility: "unlisted", language: "en", spoiler_text: "Garden", sensitive: true });
  same("as written", [post.visibility, post.language, post.spoiler_text, post.sensitive, post.tags.map((t) => t.name)], ["unlisted", "en", "Garden", true, ["beans"]]);
  for (const visibility of ["public", "unlisted", "private", "direct"]) same("visibility", (await write(mira, `For ${visibility}`, { visibility })).visibility, visibility);
  const reply = await write(olga, "An answer, @mira", { in_reply_to_id: post.id });
  same("reply to", [reply.in_reply_to_id, reply.in_reply_to_account_id, names(reply.mentions)], [post.id, mira.me.id, ["mira"]]);
  same("thread", ids(see(await mira.getStatusContext(post.id)).descendants), [reply.id]);
  const edited = see(await mira.editStatus(post.id, { status: "Grown #beans" }));
  holds("edited", edited.content.includes("Grown") && edited.edited_at, edited);
  same("source", see(await mira.getStatusSource(post.id)).text, "Grown #beans");
  const gone = await write(mira, "Gone soon");
  await mira.deleteStatus(gone.id);
  await refused("a deleted post", mira.getStatus(gone.id), 404);
  await refused("another's post", olga.deleteStatus(post.id), 404);
  const later = see(await mira.postStatus("Later", { scheduled_at: new Date(Date.now() + 3_600_000).toISOString() }));
  same("scheduled", [later.params.text, ids(see(await mira.getScheduledStatuses()))], ["Later", [later.id]]);
  see(await mira.scheduleStatus(later.id, new Date(Date.now() + 7_200_000).toISOString()));
  see(await mira.getScheduledStatus(later.id));
  await mira.cancelScheduledStatus(later.id);
}

async function actions() {
  const post = await write(mira, "To be liked");
  same("favourited", see(await olga.favouriteStatus(post.id)).favourited, true);
  same("boosted", see(await olga.reblogStatus(post.id)).reblog.id, post.id);
  same("by whom", [names(see(await mira.getStatusFavouritedBy(post.id))), names(see(await mira.getStatusRebloggedBy(post.id)))], [["olga"], ["olga"]]);
  same("bookmarked", see(await olga.bookmarkStatus(post.id)).bookmarked, true);
  same("pinned", see(await mira.pinStatus(post.id)).pinned, true);
  same("muted", see(await mira.muteStatus(post.id)).muted, true);
  same("lists of them", [ids(see(await olga.getBookmarks())), ids(see(await olga.getFavourites()))], [[post.id], [post.id]]);
  same("pins", ids(see(await olga.getAccountStatuses(mira.me.id, { pinned: true }))), [post.id]);
  same("undone", [see(await olga.unfavouriteStatus(post.id)).favourited, see(await olga.unreblogStatus(post.id)).reblogged, see(await olga.unbookmarkStatus(post.id)).bookmarked,
    see(await mira.unpinStatus(post.id)).pinned, see(await mira.unmuteStatus(post.id)).muted], [false, false, false, false, false]);
  if (!pleroma) return;
  same("reacted", see(await olga.createEmojiReaction(post.id, "🌱")).emoji_reactions.map((r) => [r.name, r.count, r.me]), [["🌱", 1, true]]);
  same("reactions", see(await mira.getEmojiReactions(post.id)).map((r) => [r.name, r.count, names(r.accounts)]), [["🌱", 1, ["olga"]]]);
  same("not any more", see(await olga.deleteEmojiReaction(post.id, "🌱")).emoji_reactions, []);
}

async function media() {
  const file = see(await mira.uploadMedia(createReadStream(process.env.PICTURE), { description: "Stripes", focus: "0.5,-0.5" }));
  same("kind", [file.type, file.description, file.meta.original.width], ["image", "Stripes", 64]);
  same("described", see(await mira.updateMedia(file.id, { description: "Many stripes" })).description, "Many stripes");
  same("kept", see(await mira.getMedia(file.id)).description, "Many stripes");
  const post = await write(mira, "A picture", { media_ids: [file.id], sensitive: true });
  same("attached", post.media_attachments.map((m) => [m.id, m.description]), [[file.id, "Many stripes"]]);
  same("bytes", (await fetch(post.media_attachments[0].url)).headers.get("content-type").split("/")[0], "image");
  same("only media", ids(see(await olga.getAccountStatuses(mira.me.id, { only_media: true }))), [post.id]);
  const me = see(await mira.updateCredentials({ display_name: "Mira", note: "Grows #beans", locked: false, fields_attributes: [{ name: "Garden", value: "big" }], source: { language: "en" } }));
  same("profile", [me.display_name, me.fields.map((f) => f.name), me.source.language], ["Mira", ["Garden"], "en"]);
}

async function relations() {
  same("following", see(await olga.followAccount(mira.me.id, { reblog: true })).following, true);
  see(await mira.followAccount(olga.me.id));
  same("followers", [names(see(await olga.getAccountFollowers(mira.me.id))), names(see(await olga.getAccountFollowing(mira.me.id)))], [["olga"], ["olga"]]);
  same("relation", [see(await olga.getRelationship(mira.me.id)).followed_by, see(await olga.getRelationships([mira.me.id]))[0].following], [true, true]);
  same("found", [see(await olga.lookupAccount("mira")).id, names(see(await olga.searchAccount("mir")))], [mira.me.id, ["mira"]]);
  same("muted", [see(await mira.muteAccount(olga.me.id, true)).muting, names(see(await mira.getMutes())), see(await mira.unmuteAccount(olga.me.id)).muting], [true, ["olga"], false]);
  same("blocked", [see(await mira.blockAccount(olga.me.id)).blocking, names(see(await mira.getBlocks())), see(await mira.unblockAccount(olga.me.id)).blocking], [true, ["olga"], false]);
  await mira.blockDomain("spam.example");
  same("server blocked", (await mira.getDomainBlocks()).data, ["spam.example"]);
  await mira.unblockDomain("spam.example");
  await mira.updateCredentials({ locked: true });
  same("requested", see(await olga.followAccount(mira.me.id)).requested, true);
  same("requests", names(see(await mira.getFollowRequests())), ["olga"]);
  same("let in", see(await mira.acceptFollowRequest(olga.me.id)).followed_by, true);
  await mira.updateCredentials({ locked: false });
  see(await mira.followAccount(olga.me.id));
  same("endorsed", [see(await mira.pinAccount(olga.me.id)).endorsed, see(await mira.unpinAccount(olga.me.id)).endorsed], [true, false]);
  same("told of posts", [see(await mira.subscribeAccount(olga.me.id)).notifying, see(await mira.unsubscribeAccount(olga.me.id)).notifying], [true, false]);
  if (pleroma) {
    same("one's favourites", see(await mira.getAccountFavourites(mira.me.id)), []);
    await refused("another's favourites", mira.getAccountFavourites(olga.me.id), 403);
    return;
  }
  same("note", see(await olga.setAccountNote(mira.me.id, "From the garden")).note, "From the garden");
  same("tag", [see(await mira.followTag("beans")).following, see(await mira.getFollowedTags()).map((t) => t.name), see(await mira.unfollowTag("beans")).following], [true, ["beans"], false]);
}

async function timelines() {
  for (let n = 0; n < 5; n++) await write(mira, `Number ${n} #count`);
  const answer = await mira.getHomeTimeline({ limit: 2 });
  const one = see(answer);
  holds("Link", /max_id=\d+.*rel="next"/.test(answer.headers.link), answer.headers);
  const two = see(await mira.getHomeTimeline({ limit: 2, max_id: one[1].id }));
  holds("pages", one.length === 2 && two.length === 2 && BigInt(two[0].id) < BigInt(one[1].id), [ids(one), ids(two)]);
  same("since", ids(see(await mira.getHomeTimeline({ since_id: one[1].id }))), [one[0].id]);
  same("all of a tag", see(await mira.getTagTimeline("count")).length, 5);
  for (const timeline of [await olga.getPublicTimeline({ limit: 40 }), await olga.getLocalTimeline({ limit: 40 })]) holds("public", ids(see(timeline)).includes(first.id));
  const told = see(await mira.getNotifications())[0]?.id ?? "1";
  const markers = see(await mira.saveMarkers({ home: { last_read_id: one[0].id }, notifications: { last_read_id: told } }));
  same("marker", markers.notifications.last_read_id, told);
  same("marker kept", see(await mira.getMarkers(["notifications"])).notifications.last_read_id, told);
}

async function notifications() {
  const quote = await write(olga, "Hear her", { quote_id: first.id });
  same("quoted", [quote.quote.state, quote.quote.quoted_status?.id ?? quote.quote.quoted_status_id], ["accepted", first.id]);
  await olga.favouriteStatus(first.id);
  if (pleroma) await olga.createEmojiReaction(first.id, "🌱");
  const mention = await write(olga, "Hello @mira", { visibility: "direct" });
  const all = see(await mira.getNotifications({ limit: 40 }));
  for (const type of ["mention", "favourite", "follow", ...(pleroma ? ["reaction"] : ["quote"])]) holds(type, all.some((n) => n.type === type), all.map((n) => n.type));
  const told = all.find((n) => n.type === "mention");
  same("mention", told.status.id, mention.id);
  holds("without", see(await mira.getNotifications({ exclude_types: ["mention"] })).every((n) => n.type !== "mention"));
  same("one", see(await mira.getNotification(told.id)).type, "mention");
  if (pleroma) await mira.readNotifications({ max_id: all[0].id });
  await mira.dismissNotification(told.id);
  const talk = see(await mira.getConversationTimeline())[0];
  same("conversation", [talk.unread, names(talk.accounts), talk.last_status.id], [true, ["olga"], mention.id]);
  same("read", see(await mira.readConversation(talk.id)).unread, false);
  await mira.deleteConversation(talk.id);
  await mira.dismissNotifications();
  same("cleared", see(await mira.getNotifications()), []);
}

async function search() {
  same("people", names(see(await mira.search("olga", { type: "accounts" })).accounts), ["olga"]);
  holds("tags", see(await mira.search("seeds", { type: "hashtags" })).hashtags.some((t) => t.name === "seeds"));
  holds("posts", ids(see(await mira.search("very", { type: "statuses" })).statuses).includes(first.id));
  same("an address", ids(see(await mira.search(first.url, { resolve: true })).statuses), [first.id]);
}

async function lists() {
  const list = see(await mira.createList("Friends"));
  same("renamed", see(await mira.updateList(list.id, "Good friends")).title, "Good friends");
  same("lists", see(await mira.getLists()).map((l) => l.title), ["Good friends"]);
  same("one", see(await mira.getList(list.id)).title, "Good friends");
  await mira.addAccountsToList(list.id, [olga.me.id]);
  same("on it", [names(see(await mira.getAccountsInList(list.id))), ids(see(await mira.getAccountLists(olga.me.id)))], [["olga"], [list.id]]);
  const post = await write(olga, "For the list");
  same("timeline", see(await mira.getListTimeline(list.id))[0].id, post.id);
  await mira.deleteAccountsFromList(list.id, [olga.me.id]);
  await mira.deleteList(list.id);
  await refused("a removed list", mira.getList(list.id), 404);
}

async function filters() {
  const made = see(await mira.createFilter("slugs", ["home", "public"], { whole_word: true, expires_in: "3600" }));
  same("filter", [made.phrase, made.whole_word], ["slugs", true]);
  same("changed", see(await mira.updateFilter(made.id, "snails", ["home"])).phrase, "snails");
  same("filters", [see(await mira.getFilters()).map((f) => f.phrase), see(await mira.getFilter(made.id)).id], [["snails"], made.id]);
  await mira.deleteFilter(made.id);
  same("no filter", see(await mira.getFilters()), []);
}

async function polls() {
  const { id, poll } = await write(mira, "Which?", { poll: { options: ["Beans", "Peas"], expires_in: 3600, multiple: true } });
  same("options", poll.options.map((o) => o.title), ["Beans", "Peas"]);
  const voted = see(await olga.votePoll(poll.id, [0, 1], id));
  same("voted", [voted.voted, voted.votes_count], [true, 2]);
  same("counted", see(await mira.getPoll(poll.id)).options.map((o) => o.votes_count), [1, 1]);
  await refused("a second vote", olga.votePoll(poll.id, [0]), 422);
}

// listen waits until a stream stands.
async function listen(opening) {
  const stream = await opening;
  const heard = new Heard();
  for (const kind of ["update", "status_update", "notification", "conversation", "delete", "connect"]) stream.on(kind, (payload) => heard.say(kind, walker.see(payload)));
  stream.on("error", (error) => heard.say("error", String(error)));
  await heard.next("connect");
  return { heard, stop: () => stream.stop() };
}

async function streams() {
  const [user, local, tag, direct] = [await listen(mira.userStreaming()), await listen(mira.localStreaming()), await listen(mira.tagStreaming("live")), await listen(mira.directStreaming())];
  const post = await write(olga, "Hear this, @mira #live");
  const it = (payload) => payload.id === post.id;
  for (const { heard } of [user, local, tag]) await heard.next("update", it);
  same("told", (await user.heard.next("notification")).status.id, post.id);
  await olga.editStatus(post.id, { status: "Hear that, @mira #live" });
  holds("changed", (await user.heard.next("status_update", it)).content.includes("that"));
  await olga.deleteStatus(post.id);
  same("deleted", await user.heard.next("delete"), post.id);
  const secret = await write(olga, "Quietly, @mira", { visibility: "direct" });
  same("direct", (await direct.heard.next("conversation", (c) => c.last_status?.id === secret.id)).accounts[0].acct, "olga");
  for (const stream of [user, local, tag, direct]) stream.stop();
}

async function push() {
  const keys = { p256dh: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM", auth: "tBHItJI5svbpez7KI4CCXg" };
  const made = see(await mira.subscribePushNotification({ endpoint: "https://push.example/1", keys }, { alerts: { mention: true, follow: true } }));
  same("push", [made.endpoint, made.alerts.mention], ["https://push.example/1", true]);
  same("changed", see(await mira.updatePushSubscription({ alerts: { mention: false, follow: true } })).alerts.mention, false);
  await mira.deletePushSubscription();
  await refused("no push", mira.getPushSubscription(), 404);
}

async function end() {
  const never = ["emoji", "group", "filter", "keyword", "version", ...(pleroma ? ["instance"] : [])];
  same("kinds that never came", walker.unseen(...never), []);
  see(await mira.report(olga.me.id, { comment: "Slugs" }));
  await olga.end();
  await refused("a revoked token", olga.verifyAccountCredentials(), 401);
}

await walk([instance, posts, actions, media, relations, timelines, notifications, search, lists, filters, polls, streams, push, end]);
