"""Languages as files name them ("eng", "ger", "pt-BR", "English"), as ISO 639-1 has them."""

import re

_CODES = """
aar aa,abk ab,afr af,aka ak,alb sq,amh am,ara ar,arg an,arm hy,asm as,ava av,ave ae,aym ay,aze az,bak ba
bam bm,baq eu,bel be,ben bn,bis bi,bod bo,bos bs,bre br,bul bg,bur my,cat ca,ces cs,cha ch,che ce,chi zh
cmn zh,chv cv,cor kw,cos co,cre cr,cym cy,cze cs,dan da,deu de,div dv,dut nl,dzo dz,ell el,eng en,epo eo
est et,eus eu,ewe ee,fao fo,fas fa,fij fj,fin fi,fra fr,fre fr,fry fy,ful ff,geo ka,ger de,gla gd,gle ga
glg gl,glv gv,gre el,grn gn,guj gu,hat ht,hau ha,heb he,her hz,hin hi,hmo ho,hrv hr,hun hu,hye hy,ibo ig
ice is,ido io,iii ii,iku iu,ile ie,ina ia,ind id,ipk ik,isl is,ita it,jav jv,jpn ja,kal kl,kan kn,kas ks
kat ka,kau kr,kaz kk,khm km,kik ki,kin rw,kir ky,kom kv,kon kg,kor ko,kua kj,kur ku,lao lo,lat la,lav lv
lim li,lin ln,lit lt,ltz lb,lub lu,lug lg,mac mk,mah mh,mal ml,mao mi,mar mr,may ms,mkd mk,mlg mg,mlt mt
mon mn,mri mi,msa ms,mya my,nau na,nav nv,nbl nr,nde nd,ndo ng,nep ne,nld nl,nno nn,nob nb,nor no,nya ny
oci oc,oji oj,ori or,orm om,oss os,pan pa,per fa,pli pi,pol pl,por pt,pus ps,que qu,roh rm,ron ro,rum ro
run rn,rus ru,sag sg,san sa,sin si,slk sk,slo sk,slv sl,sme se,smo sm,sna sn,snd sd,som so,sot st,spa es
sqi sq,srd sc,srp sr,ssw ss,sun su,swa sw,swe sv,tah ty,tam ta,tat tt,tel te,tgk tg,tgl tl,tha th,tib bo
tir ti,ton to,tsn tn,tso ts,tuk tk,tur tr,twi tw,uig ug,ukr uk,urd ur,uzb uz,ven ve,vie vi,vol vo,wel cy
wln wa,wol wo,xho xh,yid yi,yor yo,yue zh,zha za,zho zh,zul zu
"""
"""ISO 639-2, its bibliographic and its terminological codes, with those of ISO 639-1."""

_NAMES = """
albanian sq,arabic ar,armenian hy,basque eu,bengali bn,bosnian bs,brazilian pt,bulgarian bg,burmese my
cantonese zh,castellano es,catalan ca,chinese zh,croatian hr,czech cs,danish da,dansk da,deutsch de
dutch nl,english en,espanol es,español es,estonian et,farsi fa,filipino tl,finnish fi,francais fr
français fr,french fr,galician gl,georgian ka,german de,greek el,hebrew he,hindi hi,hungarian hu
icelandic is,indonesian id,italian it,italiano it,japanese ja,kazakh kk,korean ko,latvian lv
lithuanian lt,macedonian mk,malay ms,malayalam ml,mandarin zh,nederlands nl,norsk no,norwegian no
persian fa,polish pl,polski pl,portugues pt,português pt,portuguese pt,romanian ro,russian ru,serbian sr
simplified zh,sinhala si,slovak sk,slovenian sl,spanish es,suomi fi,svenska sv,swedish sv,tamil ta
telugu te,thai th,traditional zh,turkish tr,ukrainian uk,urdu ur,vietnamese vi,русский ru,українська uk
中文 zh,简体 zh,繁體 zh,日本語 ja,한국어 ko,العربية ar,ελληνικά el,עברית he,chs zh,cht zh,gb zh,big5 zh
jap ja,jp ja,kr ko,pob pt,ptbr pt,spl es,cz cs,gr el,dk da,se sv,ua uk
"""
"""What people call them in the names of files."""


def _table(text: str) -> dict[str, str]:
    return dict(pair.rsplit(" ", 1) for line in text.split("\n") for pair in line.split(",") if pair)


_BY_CODE = _table(_CODES)
_BY_NAME = _table(_NAMES)
_TWO_LETTERS = frozenset(_BY_CODE.values()) | {"sh", "tl"}
_MUTE = {"und", "mul", "mis", "zxx", "qaa"}


def iso_639_1(tag: str) -> str:
    """The code of two letters for a language that is given as a code or tag; empty where there is none.

    Args:
        tag: of ISO 639-1 or 639-2, or of BCP 47 ("pt-BR", "zh-Hans"), in letters of any case.
    """
    first = re.split(r"[-_]", tag.strip().lower()[:35], maxsplit=1)[0]
    if first in _MUTE:
        return ""
    return first if first in _TWO_LETTERS else _BY_CODE.get(first, "")


def language_in_name(words: str) -> str:
    """The language that the end of a file's name says, ISO 639-1; empty where it says none.

    Args:
        words: what stands behind the video's name: ".en.forced", "_German", " (pt-BR)", "2_English".
    """
    named = [word for word in re.split(r"[\s._()\[\]+,&]+", words.lower()[:200]) if word]
    for word in named:
        plain = word.replace("-", "")
        found = _BY_NAME.get(word) or iso_639_1(word) or _BY_NAME.get(plain)
        found = found or next((_BY_NAME[part] for part in word.split("-") if part in _BY_NAME), "")
        if found:
            return found
    return ""
