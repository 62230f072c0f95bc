"""A member's end of the connection to the benchmark. Lines of tab-separated fields over a Unix socket:

    member     hello MEMBER CARD
    benchmark  crew CARD CARD ...
    member     ready
    benchmark  any request
    member     done ANSWER
"""
import os
import socket


class Crew:
    def __init__(self, path, member):
        self.member = member
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        self.lines = connection.makefile("rw", encoding="utf-8", newline="\n")

    def say(self, *fields):
        self.lines.write("\t".join(str(field) for field in fields) + "\n")
        self.lines.flush()

    def serve(self, answer):
        """Answers requests until the benchmark ends the connection."""
        self.say("hello", self.member, "")
        self.lines.readline()
        self.say("ready")
        for request in self.lines:
            self.say("done", *answer(request.rstrip("\n").split("\t")))


def pin(core):
    """Keeps this process, and threads that it starts later, on one core; a negative one leaves it free."""
    if core >= 0:
        os.sched_setaffinity(0, {core})
