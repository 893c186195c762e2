"""Walks through an app's day with Mastodon.py, as two people."""
import os
import queue
import sys
import traceback
from datetime import datetime, timedelta, timezone

from mastodon import Mastodon, MastodonNotFoundError, StreamListener

base = os.environ["BASE_URL"]


def same(what, got, want):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


def sign_in(name):
    app = Mastodon.create_app("Mastodon.py", api_base_url=base)
    api = Mastodon(*app, api_base_url=base)
    print("allow", name, api.auth_request_url(), flush=True)
    api.log_in(code=input())
    same("signed in", api.account_verify_credentials().username, name)
    same("app", api.app_verify_credentials().name, "Mastodon.py")
    return api


class Listener(StreamListener):
    """Keeps the events of a stream until somebody wants them."""

    def __init__(self):
        self.events = queue.Queue()
        self.early = []

    def on_update(self, status):
        self.events.put(("update", status))

    def on_status_update(self, status):
        self.events.put(("status.update", status))

    def on_delete(self, status_id):
        self.events.put(("delete", str(status_id)))

    def on_notification(self, notification):
        self.events.put(("notification", notification))

    def on_filters_changed(self):
        self.events.put(("filters_changed", None))

    def on_conversation(self, conversation):
        self.events.put(("conversation", conversation))

    def wait(self, kind):
        for event in self.early:
            if event[0] == kind:
                self.early.remove(event)
                return event[1]
        while True:
            event = self.events.get(timeout=15)
            if event[0] == kind:
                return event[1]
            self.early.append(event)


def ids(entities):
    return [str(e.id) for e in entities]


def instance(api):
    found = api.instance()
    same("version", (api.mastodon_major, api.mastodon_minor) >= (4, 0), True)
    assert found.configuration.statuses.max_characters > 0
    api.instance_rules(), api.instance_peers(), api.custom_emojis(), api.preferences()
    assert api.instance_nodeinfo().software.name == "seedling"
    api.announcements(), api.trending_tags(), api.trending_statuses(), api.trending_links(), api.suggestions(), api.directory(local=True)


def posts(mira, olga):
    first = mira.status_post("A first post #seeds", visibility="public", language="en", idempotency_key="one")
    again = mira.status_post("A first post #seeds", visibility="public", language="en", idempotency_key="one")
    same("posted once", again.id, first.id)
    same("tags", [t.name for t in first.tags], ["seeds"])
    assert isinstance(first.created_at, datetime), first.created_at
    reply = olga.status_reply(first, "An answer", spoiler_text="About seeds")
    same("reply to", str(reply.in_reply_to_id), str(first.id))
    same("mentioned", [m.acct for m in reply.mentions], ["mira"])
    same("thread", ids(mira.status_context(first.id).descendants), [str(reply.id)])
    same("ancestors", ids(mira.status_context(reply.id).ancestors), [str(first.id)])
    edited = mira.status_update(first.id, "A first post, edited #seeds")
    assert "edited" in edited.content and edited.edited_at, edited
    same("versions", len(mira.status_history(first.id)), 2)
    same("source", mira.status_source(first.id).text, "A first post, edited #seeds")
    same("favourited", olga.status_favourite(first.id).favourited, True)
    same("favourited by", [a.acct for a in mira.status_favourited_by(first.id)], ["olga"])
    same("boosted", str(olga.status_reblog(first.id).reblog.id), str(first.id))
    same("boosted by", [a.acct for a in mira.status_reblogged_by(first.id)], ["olga"])
    same("bookmarked", olga.status_bookmark(first.id).bookmarked, True)
    same("bookmarks", ids(olga.bookmarks()), [str(first.id)])
    same("favourites", ids(olga.favourites()), [str(first.id)])
    same("pinned", mira.status_pin(first.id).pinned, True)
    same("pins", ids(mira.account_statuses(mira.me(), pinned=True)), [str(first.id)])
    same("muted", mira.status_mute(first.id).muted, True)
    same("unmuted", mira.status_unmute(first.id).muted, False)
    assert not olga.status_unfavourite(first.id).favourited and not olga.status_unbookmark(first.id).bookmarked
    mira.status_unpin(first.id), olga.status_unreblog(first.id), olga.status_card(first.id)
    later = mira.status_post("Later", scheduled_at=datetime.now(timezone.utc) + timedelta(hours=1))
    same("scheduled", ids(mira.scheduled_statuses()), [str(later.id)])
    mira.scheduled_status_update(later, datetime.now(timezone.utc) + timedelta(hours=2))
    mira.scheduled_status_delete(later)
    gone = mira.status_post("Gone soon")
    same("deleted", mira.status_delete(gone.id).text, "Gone soon")
    try:
        mira.status(gone.id)
        raise AssertionError("a deleted post is still there")
    except MastodonNotFoundError:
        pass


def media(mira):
    file = mira.media_post(os.environ["PICTURE"], description="Stripes", focus=(0.5, -0.5), synchronous=True)
    same("kind", (file.type, file.description), ("image", "Stripes"))
    same("size", (file.meta.original.width, file.meta.original.height), (64, 48))
    assert file.blurhash
    same("described", mira.media_update(file, description="Many stripes").description, "Many stripes")
    post = mira.status_post("A picture", media_ids=[file], sensitive=True)
    same("attached", [(str(m.id), m.description) for m in post.media_attachments], [(str(file.id), "Many stripes")])
    same("sensitive", post.sensitive, True)
    same("bytes", mira.session.get(post.media_attachments[0].url).headers["Content-Type"].split("/")[0], "image")
    same("only media", ids(mira.account_statuses(mira.me(), only_media=True)), [str(post.id)])
    me = mira.account_update_credentials(display_name="Mira", note="Grows #beans", avatar=os.environ["PICTURE"], header=os.environ["PICTURE"],
                                         fields=[("Garden", "big")], locked=False)
    same("profile", (me.display_name, [f.name for f in me.fields]), ("Mira", ["Garden"]))


def relations(mira, olga):
    her, him = mira.me(), olga.me()
    same("following", olga.account_follow(her, reblogs=True).following, True)
    mira.account_follow(him)
    same("followers", [a.acct for a in mira.account_followers(her)], ["olga"])
    same("followed", [a.acct for a in mira.account_following(her)], ["olga"])
    same("relation", olga.account_relationships(her)[0].followed_by, True)
    same("familiar", len(olga.account_familiar_followers(her)), 1)
    same("note", olga.account_note_set(her, "From the garden").note, "From the garden")
    same("lookup", str(olga.account_lookup("mira").id), str(her.id))
    same("muted", mira.account_mute(him, duration=600).muting, True)
    same("mutes", [a.acct for a in mira.mutes()], ["olga"])
    same("unmuted", mira.account_unmute(him).muting, False)
    same("blocked", mira.account_block(him).blocking, True)
    same("blocks", [a.acct for a in mira.blocks()], ["olga"])
    mira.account_unblock(him)
    mira.domain_block("spam.example")
    same("domain blocks", list(mira.domain_blocks()), ["spam.example"])
    mira.domain_unblock("spam.example")
    mira.account_update_credentials(locked=True)
    olga.account_follow(her)
    same("requests", [a.acct for a in mira.follow_requests()], ["olga"])
    mira.follow_request_authorize(him)
    mira.account_update_credentials(locked=False)
    mira.account_follow(him)
    same("endorsed", mira.account_pin(him).endorsed, True)
    mira.account_unpin(him)
    mira.featured_tag_create("seeds")
    same("featured", [t.name for t in mira.featured_tags()], ["seeds"])


def timelines(mira, first):
    for n in range(5):
        mira.status_post(f"Number {n} #count")
    page = mira.timeline_home(limit=2)
    same("page", len(page), 2)
    older = mira.fetch_next(page)
    same("next page", len(older), 2)
    assert older[0].id < page[1].id, (older, page)
    same("previous page", ids(mira.fetch_previous(older)), ids(page))
    same("all of a tag", len(mira.fetch_remaining(mira.timeline_hashtag("count", limit=2))), 5)
    assert str(first.id) in ids(mira.timeline_local()) and str(first.id) in ids(mira.timeline_public())
    newest = page[0].id
    same("marker", str(mira.markers_set(["home"], [newest]).home.last_read_id), str(newest))
    same("marker kept", str(mira.markers_get(["home"]).home.last_read_id), str(newest))


def notifications(mira, olga, first):
    olga.status_favourite(first.id)
    olga.status_post("Hello @mira", visibility="direct")
    kinds = {n.type for n in mira.notifications()}
    assert {"mention", "favourite", "follow"} <= kinds, kinds
    mentions = mira.notifications(types=["mention"])
    assert mentions and {n.type for n in mentions} == {"mention"}, mentions
    assert "mention" not in {n.type for n in mira.notifications(exclude_types=["mention"])}
    same("one", mira.notifications(mentions[0].id).type, "mention")
    mira.notifications_dismiss(mentions[0].id)
    assert mentions[0].id not in [n.id for n in mira.notifications()]
    talk = mira.conversations()[0]
    same("unread", (talk.unread, [a.acct for a in talk.accounts]), (True, ["olga"]))
    same("read", mira.conversations_read(talk).unread, False)
    mira.notifications_clear()
    same("cleared", len(mira.notifications()), 0)


def search(mira, first):
    same("people", [a.acct for a in mira.search("olga", result_type="accounts").accounts], ["olga"])
    same("completed", [a.acct for a in mira.account_search("olg")], ["olga"])
    assert "seeds" in [t.name for t in mira.search("seeds", result_type="hashtags").hashtags]
    assert str(first.id) in ids(mira.search("first", result_type="statuses").statuses)
    same("an address", ids(mira.search(first.url).statuses), [str(first.id)])


def lists(mira, olga):
    friends = mira.list_create("Friends")
    mira.list_update(friends, "Good friends")
    same("lists", [one.title for one in mira.lists()], ["Good friends"])
    mira.list_accounts_add(friends, olga.me())
    same("on the list", [a.acct for a in mira.list_accounts(friends)], ["olga"])
    same("lists with", ids(mira.account_lists(olga.me())), [str(friends.id)])
    post = olga.status_post("For the list")
    same("its timeline", str(mira.timeline_list(friends)[0].id), str(post.id))
    listener = Listener()
    mira.stream_list(friends, listener, run_async=True)  # ends with the program: close() waits for a heartbeat
    heard = olga.status_post("For the list's stream")
    same("its stream", str(listener.wait("update").id), str(heard.id))
    mira.list_accounts_delete(friends, olga.me())
    mira.list_delete(friends)
    same("no list", list(mira.lists()), [])


def filters(mira, olga):
    made = mira.filter_create("slugs", ["home", "public"], whole_word=True, expires_in=3600)
    same("filter", (made.phrase, sorted(made.context)), ("slugs", ["home", "public"]))
    same("changed", mira.filter_update(made, phrase="snails", context=["home"]).phrase, "snails")
    olga.status_post("snails again")
    same("filtered", [f.filter.title for f in mira.timeline_home(limit=1)[0].filtered], ["snails"])
    same("applied", len(mira.filters_apply(mira.timeline_home(limit=1), mira.filters(), "home")), 0)
    mira.filter_delete(made)
    same("no filter", list(mira.filters()), [])


def polls(mira, olga):
    asked = mira.status_post("Which?", poll=mira.make_poll(["Beans", "Peas"], expires_in=3600, multiple=True))
    same("options", [o.title for o in asked.poll.options], ["Beans", "Peas"])
    olga.poll_vote(asked.poll, [0, 1])
    voted = olga.poll(asked.poll)
    same("voted", (voted.voted, list(voted.own_votes), voted.votes_count, voted.voters_count), (True, [0, 1], 2, 1))
    same("counted", [o.votes_count for o in mira.poll(asked.poll).options], [1, 1])


def streams(mira, olga):
    assert mira.stream_healthy()
    listener, local, tag, direct = Listener(), Listener(), Listener(), Listener()
    mira.stream_user(listener, run_async=True)
    mira.stream_local(local, run_async=True)
    mira.stream_hashtag("live", tag, run_async=True)
    mira.stream_direct(direct, run_async=True)
    post = olga.status_post("Hear this, @mira #live")
    same("home", str(listener.wait("update").id), str(post.id))
    same("told", str(listener.wait("notification").status.id), str(post.id))
    same("local", str(local.wait("update").id), str(post.id))
    same("tag", str(tag.wait("update").id), str(post.id))
    olga.status_update(post.id, "Hear that, @mira #live")
    assert "that" in listener.wait("status.update").content
    olga.status_delete(post.id)
    same("deleted", listener.wait("delete"), str(post.id))
    secret = olga.status_post("Quietly, @mira", visibility="direct")
    same("direct", str(direct.wait("conversation").last_status.id), str(secret.id))
    mira.filter_delete(mira.filter_create("x", ["home"]))
    listener.wait("filters_changed")


def push(mira):
    _, keys = mira.push_subscription_generate_keys()
    made = mira.push_subscription_set("https://push.example/1", keys, follow_events=True, mention_events=True)
    same("push", (made.endpoint, made.alerts.mention), ("https://push.example/1", True))
    same("push, changed", mira.push_subscription_update(follow_events=True, mention_events=False).alerts.mention, False)
    mira.push_subscription_delete()


mira, olga = sign_in("mira"), sign_in("olga")
first = mira.status_post("The very first #seeds")
failed = 0
for part in [lambda: instance(mira), lambda: posts(mira, olga), lambda: media(mira), lambda: relations(mira, olga), lambda: timelines(mira, first),
             lambda: notifications(mira, olga, first), lambda: search(mira, first), lambda: lists(mira, olga), lambda: filters(mira, olga),
             lambda: polls(mira, olga), lambda: streams(mira, olga), lambda: push(mira)]:
    try:
        part()
    except Exception:  # the other parts are looked at too
        failed += 1
        traceback.print_exc(limit=3)
mira.revoke_access_token()
sys.exit(failed > 0)
