"""A sample function: each run is one order, told in a few lines."""

import json
import random


def handler(event, context):
    order = random.randint(1000, 9999)
    print(json.dumps({"level": "info", "message": "order received", "order": order}))
    if order % 4 == 0:
        print(json.dumps({"level": "error", "message": "payment timeout, will be tried again", "order": order}))
    print(json.dumps({"level": "info", "message": "order paid", "order": order}))
    return {"order": order}
