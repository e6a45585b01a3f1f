"""What makes a page PDF/A-2b (ISO 19005-2): it says what it is in XMP and which colours it means.

Not 3b with the data attached: our own check of uploads refuses a PDF with attachments, and members hand in their
certificates as material. No validator was at hand; the rules were followed by reading them.
"""

from chalicelib.documents.imprint import PRODUCER, Imprint

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:identifier>{number}</dc:identifier>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer><xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{day}T00:00:00Z</xmp:CreateDate><xmp:ModifyDate>{day}T00:00:00Z</xmp:ModifyDate>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""

# the library's own escape loads every name that HTML has for a character
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;"})


def metadata(imprint: Imprint) -> bytes:
    """What the file says about itself, as XMP; it has to agree with the information dictionary."""
    packet = _PACKET.format(
        title=imprint.title.translate(_MARKUP),
        subject=imprint.subject.translate(_MARKUP),
        author=imprint.author.translate(_MARKUP),
        number=imprint.number.translate(_MARKUP),
        language=imprint.language,
        producer=PRODUCER,
        day=imprint.made_on.isoformat(),
    )
    return packet.encode()
