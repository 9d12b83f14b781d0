"""What a mail and a feed hold, as Python's own parsers read them.

    parts.py mail FILE     the HTML part
    parts.py feed FILE     a line per entry: its id, a tab, its title; fails where Atom lacks what it must have
"""
import email
import email.policy
import sys
import xml.etree.ElementTree as ElementTree

ATOM = '{http://www.w3.org/2005/Atom}'


def mail(path):
    with open(path, 'rb') as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    sys.stdout.write(message.get_body(('html',)).get_content())


def feed(path):
    root = ElementTree.parse(path).getroot()
    assert root.tag == ATOM + 'feed', root.tag
    for node in [root] + root.findall(ATOM + 'entry'):
        for name in ('id', 'title', 'updated'):
            assert node.findtext(ATOM + name), f'{node.tag} has no {name}'
    assert root.find(ATOM + 'author/' + ATOM + 'name') is not None, 'no author'
    assert root.find(ATOM + "link[@rel='self']") is not None, 'no link to itself'
    for entry in root.findall(ATOM + 'entry'):
        assert entry.find(ATOM + 'content').get('type') == 'html', 'content is no HTML'
        print(entry.findtext(ATOM + 'id'), entry.findtext(ATOM + 'title'), sep='\t')


{'mail': mail, 'feed': feed}[sys.argv[1]](sys.argv[2])
