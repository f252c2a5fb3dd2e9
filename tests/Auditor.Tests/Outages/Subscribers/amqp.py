"""Reads the queue QUEUE, and appends "sequence id" to the file OUT before it acknowledges."""
import os
import time

import pika

out = open(os.environ["OUT"], "ab", buffering=0)


def receive(channel, method, properties, body):
    headers = properties.headers
    out.write(f"{int(headers['cloudEvents:sequence'])} {headers['cloudEvents:id']}\n".encode())
    channel.basic_ack(method.delivery_tag)


while True:
    try:
        channel = pika.BlockingConnection(pika.URLParameters(os.environ["AMQP_URL"])).channel()
        channel.basic_qos(prefetch_count=500)
        channel.basic_consume(os.environ["QUEUE"], receive)
        channel.start_consuming()
    except (pika.exceptions.AMQPError, OSError):
        time.sleep(0.2)
