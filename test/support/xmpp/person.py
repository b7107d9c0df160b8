"""Somebody with an XMPP account, told what to do by lines of JSON on standard input.

A line is {"n": 1, "do": "say", ...}; the answer is {"n": 1, "result": ...} or {"n": 1, "error": "..."}.
Each stanza that comes is told as {"stanza": "<message/>"}, the end of the connection as {"offline": true}.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

# The library prints now and then: what is said to our parent goes its own way.
OUT = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
os.dup2(2, 1)

from slixmpp import ClientXMPP  # noqa: E402
from slixmpp.exceptions import IqError, IqTimeout, PresenceError  # noqa: E402
from slixmpp.xmlstream import tostring  # noqa: E402
from slixmpp.xmlstream.xmlstream import ET  # noqa: E402

PLUGINS = [
    "xep_0030",
    "xep_0045",
    "xep_0066",
    "xep_0085",
    "xep_0184",
    "xep_0199",
    "xep_0249",
    "xep_0280",
    "xep_0308",
    "xep_0359",
    "xep_0424",
    "xep_0444",
    "xep_0461",
]


def tell(**value):
    OUT.write(json.dumps(value) + "\n")


def is_about_me(presence, room, kinds):
    """True for what a room says about our own being there."""
    if presence["from"].bare != room:
        return False
    kind = presence.xml.get("type", "available")
    own = presence.xml.find("{http://jabber.org/protocol/muc#user}x/{http://jabber.org/protocol/muc#user}status[@code='110']")
    return kind in kinds and (kind == "error" or own is not None)


class Person(ClientXMPP):
    def __init__(self, jid, password, address, ca_file, cleartext):
        super().__init__(jid, password)
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        self.address_given = address
        self.cleartext = cleartext
        self.ca_certs = Path(ca_file)
        if cleartext:
            self["feature_mechanisms"].unencrypted_plain = True
            self["feature_mechanisms"].unencrypted_scram = True
        self.use_origin_id = True
        self.awaited = []
        self.add_filter("in", self.came)
        self.add_event_handler("disconnected", lambda _: tell(offline=True))

    def came(self, stanza):
        if stanza.name in ("message", "presence", "iq"):
            for awaited in [pair for pair in self.awaited if stanza.name == "presence" and pair[0](stanza)]:
                self.awaited.remove(awaited)
                if not awaited[1].done():
                    awaited[1].set_result(stanza)
            tell(stanza=tostring(stanza.xml, xmlns="jabber:client", top_level=False, stream=None))
        return stanza

    async def do_connect(self):
        ended = asyncio.get_running_loop().create_future()

        def end(value):
            if not ended.done():
                ended.set_result(value)

        with self.event_handler("session_start", lambda _: end(None)), self.event_handler(
            "failed_all_auth", lambda _: end("not-authorized")
        ), self.event_handler("connection_failed", lambda error: end(str(error))), self.event_handler(
            "disconnected", lambda why: end(f"disconnected: {why}")
        ):
            self.connect(tuple(self.address_given), force_starttls=not self.cleartext, disable_starttls=self.cleartext)
            error = await ended
        if error is not None:
            raise RuntimeError(error)
        self.send_presence()
        await self.get_roster()
        return self.boundjid.full

    async def do_say(self, to, text, kind="chat", replace=None, receipt=False, reply=None, replyTo=None, oob=None,
                     thread=None):
        message = self.make_message(mto=to, mbody=text, mtype=kind)
        if replace is not None:
            message["replace"]["id"] = replace
        if receipt:
            message["request_receipt"] = True
        if reply is not None:
            message["reply"]["id"] = reply
            message["reply"]["to"] = replyTo
        if oob is not None:
            message["oob"]["url"] = oob
        if thread is not None:
            message["thread"] = thread
        message.send()
        return message["id"]

    async def do_retract(self, to, id, kind="chat"):
        self["xep_0424"].send_retraction(to, id, kind)

    async def do_react(self, to, id, reactions, kind="chat"):
        message = self.make_message(mto=to, mtype=kind)
        self["xep_0444"].set_reactions(message, id, reactions)
        message.send()

    async def do_state(self, to, state, kind="chat"):
        message = self.make_message(mto=to, mtype=kind)
        message["chat_state"] = state
        message.send()

    async def do_join(self, room, nick, password=None, history=0):
        presence = self.make_presence(pto=f"{room}/{nick}")
        presence.enable("muc_join")
        if password is not None:
            presence["muc_join"]["password"] = password
        presence["muc_join"]["history"]["maxstanzas"] = str(history)
        came = self.next(lambda stanza: is_about_me(stanza, room, ("error", "available")))
        presence.send()
        return (await came)["from"].resource

    async def do_rename(self, room, nick):
        came = self.next(lambda stanza: is_about_me(stanza, room, ("error", "available")))
        self.send_presence(pto=f"{room}/{nick}")
        await came

    async def do_leave(self, room, nick):
        came = self.next(lambda stanza: is_about_me(stanza, room, ("error", "unavailable")))
        self.send_presence(pto=f"{room}/{nick}", ptype="unavailable")
        await came

    async def next(self, wanted):
        """The next presence like that; raises when it is an error."""
        found = asyncio.get_running_loop().create_future()
        self.awaited.append((wanted, found))
        presence = await asyncio.wait_for(found, 10)
        if presence["type"] == "error":
            raise PresenceError(presence)
        return presence

    async def do_presence(self, to=None, kind=None, show=None, status=None):
        self.send_presence(pto=to, ptype=kind, pshow=show, pstatus=status)

    async def do_invite(self, room, jid, reason="", direct=False, password=None):
        if direct:
            self["xep_0249"].send_invitation(jid, room, password, reason)
        else:
            self["xep_0045"].invite(room, jid, reason)

    async def do_subject(self, room, text):
        self["xep_0045"].set_subject(room, text)

    async def do_carbons(self):
        await self["xep_0280"].enable()

    async def do_ask(self, to, kind, payload):
        request = self.make_iq(ito=to, itype=kind)
        request.xml.append(ET.fromstring(payload))
        answer = await request.send(timeout=10)
        return tostring(answer.xml, xmlns="jabber:client", top_level=False, stream=None)

    async def do_raw(self, xml):
        self.send_raw(xml)

    async def do_drop(self):
        self.abort()

    async def do_end(self):
        await self.disconnect()


async def answer(person, n, do, arguments):
    try:
        tell(n=n, result=await getattr(person, f"do_{do}")(**arguments))
    except (IqError, PresenceError) as error:
        stanza = error.iq if isinstance(error, IqError) else error.presence
        tell(n=n, error=f"{stanza['error']['condition']}: {stanza['error']['text']}")
    except IqTimeout:
        tell(n=n, error="no answer")
    except Exception as error:  # pylint: disable=broad-except
        tell(n=n, error=f"{type(error).__name__}: {error}")


async def main(person):
    reader = asyncio.StreamReader(limit=2**26)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()
    while line := await reader.readline():
        order = json.loads(line)
        task = asyncio.ensure_future(answer(person, order.pop("n"), order.pop("do"), order))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    settings = json.loads(sys.argv[1])
    PERSON = Person(**settings)
    PERSON.loop.run_until_complete(main(PERSON))
