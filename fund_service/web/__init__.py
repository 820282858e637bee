"""The pages of the fund: HTML made here, which works without scripts and loads nothing from elsewhere.

site.py        everything under one roof: the routes of pages and of what they load
pages.py       how a page is asked for: who looks, what they may see, one moment of screens and log
elsewhere.py   where an address leads that somebody passed on who sees more, or otherwise
places.py      what stands in the head of every page, and for whom
offers.py      what somebody may do about what a page shows, and why not
lists.py       lists by their address: filtered, sorted, in pages, with the rows that the API's list has
rendering.py   templates, and how sums, instants and words are written in them
languages.py   in which language somebody reads
words.py       its words, as `locale/` holds them: those of templates, and those that code and domain tell in English
written.py     how sums, instants, periods and numbers are written in it; numerals.py, sums in words
forms.py       what a form sends, and where it leads
entering.py    forms by which a session begins
wishes.py      a deed as somebody asks for it on a page, and the address of that page
doing.py       the page of every deed: the form sent, foreseen, refused, or sent again after a session that ended
together.py    one deed about many things: each row foreseen, then recorded by itself
bringing.py    the same of a deed that brings a file
deed_page.py   how such a page looks; its subjects, its form, why not, what if
deed_forms.py  the deeds with a form of their own
heard.py       what was heard about a deed: what would follow, or why it is refused
strip.py       whether what was written is submitted, on every page of who applies
live.py        open pages hear that something was recorded; beside.py, who else is at a form
standing_in.py who stands in for whom, until when
begun.py       forms that are begun: saved without being sent, shown again, thrown away
boxes.py       the boxes of a form, made from the fields of a command
typed.py       what somebody typed into them, as the fields of a command
edited.py      the text of an edition: typed, brought as a file, with other dates
judged.py      an application that is judged: who applies, what it says, what was given; scored.py, boxes for points
choices.py     what can be chosen in them
countries.py   countries as they can be chosen
subjects.py    what an address is about, in words
refusals.py    a refusal as a page; who is not signed in is asked to
assets.py      styles and pictures, each under an address that names its content
screens/       one file per screen: what it asks of screens and log; no rule of its own
templates/     one file per screen, and `base.html` with `macros.html` that all share
static/        our styles and mark; `scripts/`, what pages do more where scripts run; `vendor/` is the Europa Component
               Library without logos, htmx, and an outline of land for the map, taken from npm packages as
               `manifest.json` says; a test compares the digests
"""
