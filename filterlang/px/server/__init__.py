"""The API on your own machine: `filterlang serve`, and what tests of SDKs run against.

`problems` are the answers that say no; `tables` is how records lie in a database, `ordering` and
`scrolls` how lists are sorted and walked through, `database` asks and writes. `queries` reads what
a list is asked, `writing` checks records that are sent, `access` knows keys and rates. `app` puts
it together for Starlette, `openapi` describes it, `running` listens on a socket. The extra
`server` brings what it needs. Its facts about the API are in `filterlang.px.endpoints`.
"""
