"""Any language model that `inspect_ai` reaches: hosted, or an OpenAI-compatible server of one's own (the `llm` extra).

`prompt` says what the model is shown, `response` reads what it answers, `model` runs it. Requests, retries,
rate limits, cache, tokens and cost are inspect's.
"""
