"""The request on the vendor's page about updating a callback."""

UPDATE = {
    "callbackId": 7001,
    "url": "https://app.example.com/webhooks/ecgrid-v2",
    "status": "Active",
    "httpAuthType": "Basic",
    "username": "webhook_user",
    "password": "n3wP@ssword!",
}
