"""Secrets in addresses: found, masked and put back, in an address alone and in a text."""

from __future__ import annotations

import pytest

from domain.addresses import MASK, conceal, concealed, reveal, same_site, without_secrets

TOKEN = "a1b2c3d4e5f6g7h8"


@pytest.mark.parametrize(
    ("address", "masked", "secrets"),
    [
        ("https://li:pw@x.cn/a", f"https://li:{MASK}@x.cn/a", ("pw",)),
        (f"https://{TOKEN}@x.cn/a", f"https://{MASK}@x.cn/a", (TOKEN,)),
        ("https://x.cn/a?token=t&b=1", f"https://x.cn/a?token={MASK}&b=1", ("t",)),
        ("https://x.cn/a?b=1&API_KEY=k;pwd=p", f"https://x.cn/a?b=1&API_KEY={MASK};pwd={MASK}", ("k", "p")),
        (f"https://x.cn/a?key={TOKEN}", f"https://x.cn/a?key={MASK}", (TOKEN,)),
        ("https://li:pw@x.cn/?token=t", f"https://li:{MASK}@x.cn/?token={MASK}", ("pw", "t")),
        (f"https://li:{MASK}@x.cn/", f"https://li:{MASK}@x.cn/", (MASK,)),
        ("https://x.cn/a?key=停水", "https://x.cn/a?key=停水", ()),
        ("https://li@x.cn/a", "https://li@x.cn/a", ()),
        ("/data/token=1", "/data/token=1", ()),
        ("/data/导出?token=1", "/data/导出?token=1", ()),
    ],
)
def test_secrets_are_masked_and_put_back(address, masked, secrets):
    assert conceal(address) == (masked, secrets) and concealed(address) == masked
    assert not secrets or reveal(masked, secrets) == address


def test_secrets_that_do_not_fit_the_address_are_refused():
    masked = f"https://li:{MASK}@x.cn/"
    for secrets in ((), ("a", "b")):
        with pytest.raises(ValueError, match=r"^secrets that do not fit the address$"):
            reveal(masked, secrets)


def test_text_loses_the_secrets_of_its_addresses_only():
    text = f"取 https://li:pw@x.cn/a?token=t，失败；又取 http://{TOKEN}@y.cn/ 。"
    assert without_secrets(text) == f"取 https://li:{MASK}@x.cn/a?token={MASK}，失败；又取 http://{MASK}@y.cn/ 。"
    assert without_secrets("token=1 ?token=1") == "token=1 ?token=1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.cn/a", "https://X.cn/b?c", True),
        ("https://li:pw@X.cn/a", "https://x.cn/b", True),
        ("https://x.cn/a", "https://wang:p@w@x.cn/", True),
        ("https://x.cn/a", "http://x.cn/a", False),
        ("https://x.cn/a", "https://x.cn:8443/a", False),
        ("https://x.cn@evil.cn/", "https://x.cn/", False),
    ],
)
def test_site_is_scheme_host_and_port(one, other, same):
    assert same_site(one, other) is same and same_site(other, one) is same
