"""The authorization server with Authlib, a client library that is not ours and knows nothing of us."""

import os
import unittest

# Loopback has no TLS; Authlib wants to be told.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url
from joserfc import jwt
from joserfc.jwk import KeySet

import runner
from house import REQUEST_S, House, Person

SCOPE = "com_services_servipag"
USERNAME, PASSWORD = "11.111.111-1", "wxyz1234!@#$"
REDIRECT_URI = "http://127.0.0.1:49152/callback"


class Authlib(unittest.TestCase):
    """Each test is a program that begins with nothing but the server's address and its own credentials."""

    @classmethod
    def setUpClass(cls):
        cls.house = House()
        cls.addClassCleanup(cls.house.close)
        url = get_well_known_url(cls.house.url, external=True)
        cls.metadata = AuthorizationServerMetadata(requests.get(url, timeout=REQUEST_S).json())

    def session(self, method="client_secret_basic"):
        return OAuth2Session(
            self.house.client_id,
            self.house.client_secret,
            token_endpoint_auth_method=method,
            revocation_endpoint_auth_method=method,
            scope=SCOPE,
            redirect_uri=REDIRECT_URI,
            code_challenge_method="S256",
        )

    def win(self, session):
        """Authorization code with PKCE, through the pages."""
        verifier = generate_token(48)
        url, state = session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=verifier
        )
        answered = Person(self.house).consents(url, USERNAME, PASSWORD)
        token = session.fetch_token(
            self.metadata["token_endpoint"],
            authorization_response=answered,
            state=state,
            code_verifier=verifier,
        )
        return token, answered, verifier

    def is_active(self, token):
        answer = self.session().introspect_token(self.metadata["introspection_endpoint"], token)
        return answer.json()["active"]

    def test_the_metadata_is_what_the_standard_asks_for(self):
        self.assertEqual(self.metadata["issuer"], self.house.url)
        for key in self.metadata.REGISTRY_KEYS:
            if key != "issuer":
                getattr(self.metadata, f"validate_{key}")()

    def test_client_credentials_give_a_signed_token_for_either_way_to_authenticate(self):
        keys = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=REQUEST_S).json())
        for method in ("client_secret_basic", "client_secret_post"):
            session = self.session(method)
            token = session.fetch_token(self.metadata["token_endpoint"], grant_type="client_credentials")
            self.assertEqual((token["scope"], token["expires_in"]), (SCOPE, 3600))
            signed = jwt.decode(token["access_token"], keys, algorithms=["ES256"])
            self.assertEqual(signed.header["typ"], "at+jwt")
            self.assertEqual(signed.claims["aud"], self.house.url)

    def test_a_code_becomes_tokens_that_read_refresh_and_end(self):
        session = self.session()
        token, answered, verifier = self.win(session)
        answer = session.post(
            f"{self.house.url}/v1/com/services/servipag.com/service-accounts",
            json={"RequestData": {}},
            timeout=REQUEST_S,
        ).json()
        self.assertEqual(answer["Data"]["ServiceAccount"][0]["CompanyName"], "Entel PCS Movil")

        fresh = session.refresh_token(self.metadata["token_endpoint"], token["refresh_token"])
        self.assertTrue(self.is_active(fresh["access_token"]))
        session.revoke_token(self.metadata["revocation_endpoint"], token=fresh["refresh_token"])
        self.assertFalse(self.is_active(fresh["access_token"]))

    def test_a_replayed_code_is_refused_and_ends_what_it_gave(self):
        session = self.session()
        token, answered, verifier = self.win(session)
        with self.assertRaises(OAuthError) as refused:
            self.session().fetch_token(
                self.metadata["token_endpoint"], authorization_response=answered, code_verifier=verifier
            )
        self.assertEqual(refused.exception.error, "invalid_grant")
        self.assertFalse(self.is_active(token["access_token"]))

    def test_the_reuse_of_a_rotated_refresh_token_ends_the_family(self):
        session = self.session()
        token, _, _ = self.win(session)
        fresh = session.refresh_token(self.metadata["token_endpoint"], token["refresh_token"])
        with self.assertRaises(OAuthError) as refused:
            session.refresh_token(self.metadata["token_endpoint"], token["refresh_token"])
        self.assertEqual(refused.exception.error, "invalid_grant")
        self.assertFalse(self.is_active(fresh["access_token"]))


if __name__ == "__main__":
    runner.run(Authlib)
