"""The HTTP API: everything that a person or a script does to the fund, and how the service is.

app.py         all routes under one roof; every error as a problem
arriving.py    what a request meets first: its id, the limits of its body, headers for every answer
deeds.py       one route, one command: the table; deed_routes.py makes each of its rows a route, with a body in JSON
               (writing.py) or with a form that brings a file (uploading.py); downloading.py, a file goes out
acts.py        who somebody is (sessions, profiles …): the table; acting.py makes each of its rows a route
bearing.py     what a request bears of who sends it: a token, or a cookie that no other site may use
asking.py      one question: who asks, of which world and screens, what they may see
reading.py     every question as a route, with the view that one needs; resources/ by kind; feed.py, the events
limits.py      how often somebody may ask
answering.py   how an answer goes out: JSON, CSV, XLSX, pages, ETags
problems.py    one table, error → status; mistakes.py names each field; json_body.py reads strictly
watching.py    a line about each refusal, and about what is read under watch
context.py     the open fund, who asks, who waits for what; seeing.py, what one may not see is not there
describing.py  how a route is described; answers.py, what it answers; document.py, the OpenAPI document and its page
undoing.py     how each request can be taken back: the table
examples.py    an example of every request, in the document and in a test
health.py      whether every part is well; server.py, the port, and who listens there
"""
