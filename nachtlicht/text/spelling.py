"""Words as they are typed in chats, and the usual spelling: short forms, sound, Flemish, errors.

Each right-hand side is made of words that are no key themselves, so that folding a folded
text changes nothing; a test holds that. A word with two meanings stays out: rules name both.
"""

from __future__ import annotations

_TABLE = """
het: et t
als: as alss
hoofd: hooft hoof
hem: em
moet ik: moetik mottik
wat hij: wattie watie
dat hij: dattie datie
dat ze: datse dase
als hij: alstie assie
vakantie: vakansie
sinds: sins sints
beter: beeter
savonds: savons savonts
snachts: snags snagts
school: schol
even: ff effe effies effie efkes eve evn
misschien: mss msch misch missch mssn misschn mischien misschie msschn mischn mssch missschien
echt: egt eg egtt ech ect eht
inderdaad: idd inderdd indrdd
waarom: wrm wrom waarm wroom waarrom
eerlijk: ngl
weet ik niet: idk idek
boeit niet: idc idgaf
wanneer: wnr wneer waneer wanner wnnr
waarschijnlijk: wss ws waars waarschnlk wsl waarschijnlk
gewoon: gwn gwoon gwoonn gewn gewoo gwo
niks: nix nx niets nieks
niet: nt nie ni nit neit nietn niett niiet nieet
nog: ng noch
maar: mr mar maarr mrr
van de: vd
vandaag: vdg vndg vandg vndaag vandag
vanavond: vnv vnvd vnavond vanaaf vanaof vanavnd vanaaavond vanavont
vanmiddag: vnmiddag vmiddag
vannacht: vnnacht vannagt vanacht
morgen: mrgn mrgen morge
gisteren: gstrn gister gistern gstr gistere gisterne gisteravnd
gisteravond: gisterenavond gisteravont gisteraaf
ik weet niet: kweetni kweni kweenie kweet'nie kwn kweni
ik heb: khb kheb keb kep khep khebt khebben
bent: bentt zijt
heb ik: hebk hebbek
ik ga: kga
ik wil: kwil kwl
ik ben: kben kbn
ik moet: kmoet kmt
ik kan: kkan
ik kom: kkom
ik zit: kzit
ik zou: kzou kzu
ik wou: kwou
ik denk: kdenk kdnk
ik weet: kweet
ik voel: kvoel
ik vind: kvind kvin
ik durf: kdurf
ik had: khad
ik was: kwas
ik hou: khou
ik snap: ksnap
ik doe: kdoe
ik ken: kken
ik mag: kmag
ik word: kword kwordt kwort
ik moest: kmoest
ik: k ikk iik ikke kik
het is: tis tiz hetis
het was: twas
het gaat: tgaat
is het: ist ishet
dat is: das dasis dats
wat is: wats
kan me: kanme
omdat: omda omdt omd omdet
altijd: altyd altijt altyt altijdt altij alty altyds
tegen: tgn tege teege
zelf: zlf self zelv selv zellef
zelfs: zlfs selfs
leven: lvn leve levn leeven levve
leuk: luek
geen: gn gen geeen gene
iemand: iemant iemnd imand iemd iemandt
niemand: niemant nimand niemnd
iedereen: iederen iedreen idereen iedree
alles: alls
altijd al: altijdal
jaar: jr jaarr
week: wk
weken: wkn weeken
maanden: mnd maandn
minuten: minuutjes
oud: oudd outt
telefoon: gsm mobiel tel tele telefoontje foon telfoon telfoontje gsmmeke
snapchat: snapp snapje snpchat snapchet
instagram: insta instaa inst instgram ig
tiktok: tt
whatsapp: wapp whatsap watsapp whatsup
foto: fto fotoo fotoos phot
fotos: ftos fotoss fotoos fotoes
filmpje: filmpie filmp filmpj flimpje filmke filmkes
filmpjes: filmpies
video: vid viddeo vidje vidz videoke
videos: vids
nudes: n00ds noods noeds nuds newds nuudes nudez nudies
nude: noed nuude nud newd
seks: sex sx seksss s3x sexx seeks sexs
naakt: nkd naaakt nakt naagt naked
hij: hy hijj
zij: sij sy zy
jij: jy gij jijj jei
je: ge jeh
jou: jouw jau jouu
mijn: myn mein mijne mijnen m'n mn mij'n mijnn miin
zijn: zn z'n zijnn zein zyn syn sijn
hebben: hebbe hebbn ebbe
heeft: heef heft heevt heeftt eeft
heb: hep hb hebt hebbik hebd
gehad: gehat
had: hadt
ben: bn bennn
bent: bentt
wordt: wort worde wordtt
vind: vindt vint vin
wil: wilt wul wll
wil hij: wiltie willie wilie
zegt hij: zegtie zegtij zegie
zei hij: zeitie zeidie zeidde
heeft hij: heeftie heefttie
is hij: istie istieje
gaat: gaatt gaad gaet
weet je: weetje
gebeurd: gebeurt gebuert geburd gebeurdt gebeurdd gebeert
gestuurd: gestuurt gestuurdt gestuurdd gestuert gestierd
doorgestuurd: doorgestuurt doorgestuurdt
stuurt: stuurd stuurdt sturt stuurtt
gedeeld: gedeelt gedeeldt
verstuurd: verstuurt verstuurdt
gemaakt: gemaakd gemakt gemaaktt
gedaan: gedaa gedaen gdaan gedan
betaald: betaalt betaaldt
gevraagd: gevraagt gevraacht gevraag
bedreigd: bedreigt bedrijgt bedreicht bedreyd bedrijgd
dreigt: dreigd drijgt dreicht dreigdt drijgd dreigtt
dreigen: dreige drijgen drijge
gechanteerd: gesjanteerd gechanteert gechateerd geschanteerd geshanteerd
chanteert: chanteerd sjanteert chantert shanteert
chantage: sjantage chantaasje shantage
afgeperst: afgepers
verkracht: verkragt verkrachd verkragd verkr verkrcht verkrachtt verkraght
verkrachting: verkragting verkrachtin
aangerand: aangerant angerand aangeranded
misbruikt: misbruikd mishbruikt misbruykt misbrukt
misbruik: misbruyk misbrik
mishandeld: mishandelt mishandlet
geslagen: geslage geslagn
gedwongen: gedwonge gedwongn gedwonngen
ontmaagd: ontmaagt
vermoord: vermoort vermoordt
vermoorden: vermoorde
zelfmoord: zelfm zelfmo zelfmoort zelfmrd zelfmoordt selfmoord zelfmoor zlfmoord zellfmoord zmoord
zelfdoding: zelfdodig selfdoding
suicide: suic suicied suiside swiside zuicide
suicidaal: suicidal suicidaaal
automutilatie: automut automutileren automutilatiee
snijden: sneiden snijde snijdn sneyden
gesneden: gesnede gesnedn
krassen: krasse
pijn: peyn pein pyn pijnn
dood: doot dooood dod doowd dooodd
sterven: sterve
slapen: slape slapn
wakker: waker wakkr
moe: moee
alleen: allen alleenn alleeen alleeje
eenzaam: eensaam eenzaa enzaam
depressief: depri depresief depresie depressie depressiev
verdrietig: verdritig verdriettig verdrietg
huilen: huile wenen weene bleiten blèten bleten schreien janken
bang: bng baang bangg
zwanger: zwnger swanger
ongesteld: ongestelt
afspreken: afspreke afsprekn afspreeken afspeken meeten
afgesproken: afgesproke afgespoken
weglopen: weglope
weggelopen: weggelope
politie: popo plitie pollitie wouten skotoe politsie polisie
school: skool scool
klas: klass
moeder: moedr moedur
vader: vadr vadur
ouders: oudrs ouwders
vriend: vrnd vrient vriendt friend
vriendin: vrndin vriendn vrindin vriendinn
vrienden: vriende
broer: broeder
stiefvader: stiefva stiefpa stiefpap stiefvadr
mensen: mense
jongen: jonge jngen
meisje: meissie meiske meisie meisj mijsje
trouwen: trouwe trauwen
getrouwd: getrouwt
weg: wegg
bloeden: bloede bloedn
pillen: pille pillekes
genoeg: genoech
helemaal: helemal hlmaal helmaal
alsjeblieft: aub svp plz pls please alsjeblief alstublieft asjeblieft alstu
dank: thx bdnkt bedankt dankje dankjewel dankuwel thanks dankuw merci tnx ty
nee: neej neeh neh nope nah neen neejj nej neeee
ja: jaa jaja jaah yes yep yess jep jup jaaa ye yeah yup jawel
ok: oke okee okey okay okey okeee okeej oki okido
volgens mij: vgm volgesmij
in ieder geval: iig
sowieso: sws zowiezo zowieso sowiezo
houden van: hvj hvk
want: wnt
dus: ds
als: az alss
over: ovr
voor: vr vor voorr
ook: oook ookk
dat: da dt datt
wat: wa watt
met: mt mett
terug: trg truk terrug teruch
straks: srtaks seffens subiet
vroeger: vroegr
weer: wr wer weerr
veel: vl vele
heel: hl heeel
iets: ietss ies
hoe: hoo
zoals: zoas
toch: tog toh
nacht: nagt
lichaam: liggaam lichaa
kapot: kapt kapoet
dochter: dogter dochtr dochterke dochtertje
""".strip()


def _listed(block: str) -> list[str]:
    """The words of a block of text."""
    return block.split()


# What stars or dashes usually hide, and what is often cut off before its end.
SENSITIVE = _listed("""
zelfmoord verkracht verkrachting verkrachten seks naakt nudes dood doden suicide misbruik
misbruikt porno neuken geneukt gepijpt pijpen kut lul penis vagina borsten snijden kanker tering
aangerand aanranding hoer slet masturberen klootzak kill rape raped suicidaal verkrachtte betast
vermoorden vermoord sperma pik
""")


def _read(table: str) -> dict[str, str]:
    """Turn `right: wrong wrong` lines into wrong → right."""
    spelled: dict[str, str] = {}
    for line in table.splitlines():
        right, _, wrongs = line.partition(":")
        for wrong in wrongs.split():
            plain = wrong.replace("'", "")
            if plain and plain != right:
                spelled.setdefault(plain, right.strip())
    return spelled


SPELLINGS = _read(_TABLE)

# "me" is "mijn" before these: "me moeder", "me foto's".
AFTER_MY = frozenset(
    _listed("""
moeder vader ouders mama papa ma pa mam pap broer broertje zus zusje zussie oma opa oom tante
neef nicht stiefvader stiefmoeder vriend vriendin vrienden vriendje ex beste bestie matties
gezin familie kamer huis school klas leraar coach trainer foto fotos naam telefoon account video
videos filmpje filmpjes nudes nude lichaam borsten benen armen arm polsen pols hoofd leven
schuld geld kind kinderen dochter zoon eigen hele oude nieuwe baas werk instagram snapchat
whatsapp tiktok gezicht kop bed hart buik handen haar kont kut pik adres nummer wachtwoord man
vrouw hond kat oppas buurman buurjongen begeleider
""")
)

# A verb with its subject stuck to it: "zegtie" is "zegt hij", "gaatse" is "gaat ze".
VERBS = frozenset(
    _listed("""
zegt zeg zei stuurt stuurde komt kwam doet deed gaat ging maakt maakte wilt wil wou heeft hep
had zet zette steekt moet moest kan kon vraagt vroeg weet wist ziet zag slaat sloeg denkt dacht
wacht dreigt belt belde appt appte post pakt pakte loopt liep staat stond zit zat geeft gaf
krijgt laat liet was is blijft bleef belooft dwingt trekt duwt hoort houdt hield brengt haalt
neemt slaan gaan willen
""")
)
