"""Queues, mail and the seal: what is handed to AWS, and what its answers mean."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from chalicelib.aws.mail import SesPost
from chalicelib.aws.queues import SqsQueues
from chalicelib.aws.resources import Resources, client
from chalicelib.aws.sealing import KmsSealer
from chalicelib.aws.wrapping import KmsWrapping
from chalicelib.operations.carriers import Failed, Letter, NotDelivered, SlowDown, Undeliverable
from chalicelib.operations.ports import Busy
from chalicelib.rules.records import Work
from tests.aws.emulated import REGION, RESOURCES, counted, crash_before, trouble

SENDER = "示例协会 <box@association.example>"
LETTER = Letter("some@a.example", "会员证", "正文", None, (), "m1")


def with_queue(address: str) -> Resources:
    return Resources(**{**vars(RESOURCES), "queues": dict.fromkeys(Work, address)})


# --- queues -----------------------------------------------------------------------------------------------------------


def test_a_message_carries_the_id_and_round_of_a_row_and_nothing_else(aws: None) -> None:
    sqs = boto3.client("sqs", REGION)
    address = sqs.create_queue(QueueName="issuing")["QueueUrl"]
    SqsQueues(with_queue(address)).send(Work.ISSUE, "issue-a1-1", 2)
    (message,) = sqs.receive_message(QueueUrl=address)["Messages"]
    assert json.loads(message["Body"]) == {"v": 1, "row": "issue-a1-1", "round": 2}


def test_a_queue_that_does_not_answer_is_busy(aws: None) -> None:
    address = boto3.client("sqs", REGION).create_queue(QueueName="silent")["QueueUrl"]
    with trouble(crash_before, "SendMessage", times=3), pytest.raises(Busy):
        SqsQueues(with_queue(address)).send(Work.ISSUE, "issue-a1-1")


# --- mail -------------------------------------------------------------------------------------------------------------


def composed(letter: Letter) -> bytes:
    return f"From: {SENDER}\r\nTo: {letter.to}\r\nSubject: test\r\n\r\n{letter.text}".encode()


def test_a_letter_goes_to_exactly_its_one_address(aws: None) -> None:
    ses = client(RESOURCES, "ses", attempts=1)
    with Stubber(ses) as stub:
        letter = Letter("some@例子.example", "会员证", "正文", None, (), "m1")
        wanted = {
            "Source": "box@association.example",
            "Destinations": ["some@xn--fsqu00a.example"],
            "RawMessage": {"Data": composed(letter)},
        }
        stub.add_response("send_raw_email", {"MessageId": "1"}, wanted)
        SesPost(ses, SENDER, composed).send(letter)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InvalidParameterValue", Undeliverable),
        ("Throttling", SlowDown),
        ("LimitExceededException", SlowDown),
        ("MessageRejected", Failed),
        ("MailFromDomainNotVerifiedException", Failed),
        ("AccountSendingPausedException", Failed),
        ("InternalFailure", Failed),
    ],
)
def test_the_kind_of_error_tells_the_queue_what_to_do(aws: None, code: str, kind: type[NotDelivered]) -> None:
    ses = client(RESOURCES, "ses", attempts=1)
    stub = Stubber(ses)
    stub.add_client_error("send_raw_email", code, "some@a.example is to blame")
    with stub, pytest.raises(NotDelivered) as raised:
        SesPost(ses, SENDER, composed).send(LETTER)
    assert raised.type is kind
    assert "some@a.example" not in str(raised.value)
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


def test_a_lost_answer_is_one_letter_and_left_to_the_queue(aws: None) -> None:
    with trouble(crash_before, "SendRawEmail"), pytest.raises(Failed):
        SesPost(client(RESOURCES, "ses", attempts=1), SENDER, composed).send(LETTER)


def test_a_host_that_cannot_exist_is_undeliverable(aws: None) -> None:
    letter = Letter(f"some@{'x' * 64}.example", "会员证", "正文", None, (), "m1")
    with pytest.raises(Undeliverable):
        SesPost(client(RESOURCES, "ses", attempts=1), SENDER, composed).send(letter)


def test_a_sender_without_an_address_is_found_at_the_start() -> None:
    with pytest.raises(ValueError, match="address"):
        SesPost(object(), "示例协会", composed)


# --- the seal ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def kms(aws: None) -> Any:
    return client(RESOURCES, "kms")


def test_a_signature_by_kms_is_one_that_anybody_can_check(kms: Any) -> None:
    key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["KeyId"]
    sealer = KmsSealer(kms, key, b"certificate", (b"issuer",), is_test=True)
    public = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    assert isinstance(public, RSAPublicKey)
    public.verify(sealer.sign(b"what is signed"), b"what is signed", PKCS1v15(), hashes.SHA256())
    assert (sealer.certificate, sealer.chain, sealer.is_test) == (b"certificate", (b"issuer",), True)


def test_kms_is_given_what_is_signed_and_hashes_it_itself(kms: Any) -> None:
    key = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]["KeyId"]
    with counted() as calls:
        KmsSealer(kms, key, b"", (), is_test=True).sign(b"what is signed")
    (given,) = calls.given
    assert (given["Message"], given["MessageType"]) == (b"what is signed", "RAW")
    assert given["SigningAlgorithm"] == "RSASSA_PKCS1_V1_5_SHA_256"


def test_more_than_kms_takes_is_refused_before_it_is_sent(kms: Any) -> None:
    with pytest.raises(ValueError, match="4096"):
        KmsSealer(kms, "none", b"", (), is_test=True).sign(b"x" * 4097)


def test_kms_wraps_a_key_for_one_subject(kms: Any) -> None:
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    wrapping = KmsWrapping(kms, key)
    plain, wrapped = wrapping.new("user:u1")
    assert len(plain) == 32
    assert plain not in wrapped
    assert wrapping.unwrap("user:u1", wrapped) == plain
    with pytest.raises(ClientError):
        wrapping.unwrap("user:u2", wrapped)


def test_a_kms_that_does_not_answer_is_busy(kms: Any) -> None:
    with trouble(crash_before, "GenerateDataKey", times=3), pytest.raises(Busy):
        KmsWrapping(kms, "alias/data").new("user:u1")
